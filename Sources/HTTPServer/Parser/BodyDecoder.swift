import Base

/// Takes a body out of what arrives, as Content-Length or chunks frame it.
package struct BodyDecoder: Sendable {
    /// Where in the framing the next byte belongs.
    private enum State: Equatable {
        /// In sized data. To `done` after its last byte.
        case sized(left: Int)
        /// In the digits of a chunk's size. To `extension` at a semicolon, to `sizeEnd` at CR.
        case size(value: Int, digits: Int)
        /// In a chunk's extension, which is dropped. To `sizeEnd` at CR.
        case `extension`(size: Int, length: Int)
        /// After the CR of a size line. To `data`, or to `trailer` after the last chunk.
        case sizeEnd(size: Int)
        /// In a chunk's data. To `dataEnd` after its last byte.
        case data(left: Int)
        /// After a chunk's data. To `size` after CR LF.
        case dataEnd(sawReturn: Bool)
        /// In a trailer line, which is dropped. To `done` after an empty one.
        case trailer(total: Int, lineLength: Int, sawReturn: Bool)
        case done
    }

    private var state: State
    private let limit: Int
    private let limits: Limits
    package private(set) var body: [UInt8] = []

    package var isComplete: Bool { state == .done }

    /// `limit` is what the route allows; a longer body is refused, before it is read where its length is told.
    init(framing: RequestHead.Framing, limit: Int, limits: Limits) throws(ParseFailure) {
        self.limit = limit
        self.limits = limits
        switch framing {
        case .none: state = .done
        case .sized(let length):
            if length > limit { throw .bodyTooLarge }
            state = .sized(left: length)
        case .chunked: state = .size(value: 0, digits: 0)
        }
    }

    /// Takes what belongs to the body from `range`, and says how far that went.
    package mutating func consume(_ bytes: Span<UInt8>, in range: Range<Int>) throws(ParseFailure) -> Int {
        var position = range.lowerBound
        while position < range.upperBound, state != .done {
            switch state {
            case .sized(let left):
                let taken = take(left, bytes, position..<range.upperBound)
                position += taken
                state = taken == left ? .done : .sized(left: left - taken)
            case .data(let left):
                let taken = take(left, bytes, position..<range.upperBound)
                position += taken
                state = taken == left ? .dataEnd(sawReturn: false) : .data(left: left - taken)
            case .size, .extension, .sizeEnd, .dataEnd, .trailer, .done:
                try step(bytes[position])
                position += 1
            }
        }
        return position
    }

    private mutating func take(_ wanted: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let part = range.lowerBound..<min(range.upperBound, range.lowerBound + wanted)
        unsafe bytes.withUnsafeBytes { buffer in
            let slice = unsafe UnsafeRawBufferPointer(rebasing: buffer[part.clamped(to: 0..<buffer.count)])
            unsafe body.append(contentsOf: slice)
        }
        return part.count
    }

    /// One byte of the framing between data.
    private mutating func step(_ byte: UInt8) throws(ParseFailure) {
        switch state {
        case .size(let value, let digits):
            try sizeByte(byte, value: value, digits: digits)
        case .extension(let size, let length):
            if byte == Characters.carriageReturn {
                state = .sizeEnd(size: size)
            } else if !Characters.isFieldText(byte) {
                throw .badChunkSize
            } else if length == limits.chunkExtension {
                throw .chunkExtensionTooLong
            } else {
                state = .extension(size: size, length: length + 1)
            }
        case .sizeEnd(let size):
            guard byte == Characters.lineFeed else { throw .badChunkSize }
            if body.count + size > limit { throw .bodyTooLarge }
            state = size == 0 ? .trailer(total: 0, lineLength: 0, sawReturn: false) : .data(left: size)
        case .dataEnd(let sawReturn):
            guard byte == (sawReturn ? Characters.lineFeed : Characters.carriageReturn) else {
                throw .badChunkEnd
            }
            state = sawReturn ? .size(value: 0, digits: 0) : .dataEnd(sawReturn: true)
        case .trailer(let total, let lineLength, let sawReturn):
            try trailerByte(byte, total: total, lineLength: lineLength, sawReturn: sawReturn)
        case .sized, .data, .done: break
        }
    }

    private mutating func sizeByte(_ byte: UInt8, value: Int, digits: Int) throws(ParseFailure) {
        if let digit = Hex.value(byte) {
            // Fifteen digits are more than any limit, and cannot overflow.
            if digits == 15 { throw .badChunkSize }
            state = .size(value: value << 4 | Int(digit), digits: digits + 1)
            return
        }
        guard digits > 0 else { throw .badChunkSize }
        switch byte {
        case Characters.carriageReturn: state = .sizeEnd(size: value)
        case UInt8(ascii: ";"): state = .extension(size: value, length: 0)
        default: throw .badChunkSize
        }
    }

    private mutating func trailerByte(
        _ byte: UInt8,
        total: Int,
        lineLength: Int,
        sawReturn: Bool
    ) throws(ParseFailure) {
        if total == limits.trailers { throw .trailersTooLarge }
        if sawReturn {
            guard byte == Characters.lineFeed else { throw .bareCarriageReturn }
            state = lineLength == 0 ? .done : .trailer(total: total + 1, lineLength: 0, sawReturn: false)
        } else if byte == Characters.carriageReturn {
            state = .trailer(total: total + 1, lineLength: lineLength, sawReturn: true)
        } else if byte == Characters.lineFeed {
            throw .bareLineFeed
        } else if !Characters.isFieldText(byte) {
            throw .malformedHeader
        } else {
            state = .trailer(total: total + 1, lineLength: lineLength + 1, sawReturn: false)
        }
    }
}

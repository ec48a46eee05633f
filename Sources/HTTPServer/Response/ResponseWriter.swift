import Base

/// Writes answers straight into the loop's output: no objects, no allocation beyond the buffer's growth.
///
/// An answer is `start`, any number of `header`s, then `finish`. The general headers are added by itself.
package struct ResponseWriter: Sendable {
    /// What has been written and not been sent.
    package private(set) var bytes: [UInt8] = []
    /// The current second as HTTP writes it; the loop keeps it fresh.
    var date: [UInt8] = []

    private(set) var status: Status?
    private(set) var closes = false
    private var omitsBody = false
    private var requestID = RequestID(high: 0, low: 0)

    package init() { bytes.reserveCapacity(1 << 16) }

    /// Before each answer: what the request demands of it.
    mutating func prepare(_ id: RequestID, _ shape: Connection.AnswerShape) {
        requestID = id
        status = nil
        omitsBody = shape.omitsBody
        closes = shape.closes
    }

    /// The connection ends after this answer.
    package mutating func closeAfter() { closes = true }

    package mutating func start(_ status: Status) {
        self.status = status
        append("HTTP/1.1 ")
        appendNumber(status.code)
        append(" ")
        append(status.reason)
        append("\r\nDate: ")
        bytes += date
        append("\r\nx-amzn-RequestId: ")
        requestID.append(to: &bytes)
        append("\r\n")
    }

    package mutating func header(_ name: StaticString, _ value: StaticString) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    /// A value made at run time; what could end the line is replaced, so that no value can become a header.
    package mutating func header(_ name: StaticString, text value: String) {
        append(name)
        append(": ")
        for byte in value.utf8 { bytes.append(Characters.isFieldText(byte) ? byte : Characters.space) }
        append("\r\n")
    }

    package mutating func header(_ name: StaticString, number: Int) {
        append(name)
        append(": ")
        appendNumber(number)
        append("\r\n")
    }

    /// Ends an answer whose whole body is known.
    package mutating func finish(body: [UInt8] = []) {
        let hasBody = status?.hasBody ?? true
        if hasBody { header("Content-Length", number: body.count) }
        if closes { header("Connection", "close") }
        append("\r\n")
        if hasBody, !omitsBody { bytes += body }
    }

    /// Ends the head of an answer whose body follows piece by piece.
    mutating func finishHead(chunked: Bool) {
        if chunked { header("Transfer-Encoding", "chunked") }
        if closes { header("Connection", "close") }
        append("\r\n")
    }

    /// One piece of an answer that is sent piece by piece.
    mutating func piece(_ piece: [UInt8], chunked: Bool) {
        if chunked {
            bytes += String(piece.count, radix: 16).utf8
            append("\r\n")
        }
        bytes += piece
        if chunked { append("\r\n") }
    }

    mutating func lastPiece() { append("0\r\n\r\n") }

    mutating func interim(_ line: StaticString) {
        append(line)
        append("\r\n\r\n")
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func append(_ text: StaticString) {
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    private mutating func appendNumber(_ number: Int) {
        var digits: InlineArray<20, UInt8> = .init(repeating: 48)
        var position = 20
        var rest = number.magnitude
        repeat {
            position -= 1
            digits[position] = 48 + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        for index in position..<20 { bytes.append(digits[index]) }
    }
}

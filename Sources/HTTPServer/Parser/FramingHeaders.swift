/// What the headers of one request say about its body, its connection and its host, gathered while they are read.
struct FramingHeaders {
    private var length: Int?
    private var isChunked = false
    private var hasHost = false
    private var saidClose = false

    /// Looks at one header; most are none of its business, and their length says so at once.
    mutating func note(
        _ bytes: Span<UInt8>,
        _ header: RequestHead.Header,
        index: Int,
        head: inout RequestHead
    ) throws(ParseFailure) {
        let name = header.name.places
        let value = header.value.places
        switch name.count {
        case 4 where bytes.matches("host", in: name, ignoringCase: true):
            if hasHost { throw .repeatedHost }
            hasHost = true
        case 6 where bytes.matches("expect", in: name, ignoringCase: true):
            guard bytes.matches("100-continue", in: value, ignoringCase: true) else {
                throw .unsupportedExpectation
            }
            head.expectsContinue = true
        case 10 where bytes.matches("connection", in: name, ignoringCase: true):
            connection(bytes, value, head: &head)
        case 13 where bytes.matches("authorization", in: name, ignoringCase: true):
            // Two credentials are none: -2 says that there were several.
            head.authorization = head.authorization == -1 ? Int32(truncatingIfNeeded: index) : -2
        case 14 where bytes.matches("content-length", in: name, ignoringCase: true):
            if length != nil { throw .repeatedContentLength }
            length = try contentLength(bytes, value)
        case 17 where bytes.matches("transfer-encoding", in: name, ignoringCase: true):
            if isChunked { throw .unsupportedTransferEncoding }
            guard bytes.matches("chunked", in: value, ignoringCase: true) else {
                throw .unsupportedTransferEncoding
            }
            isChunked = true
        default: break
        }
    }

    /// Once all headers are read: the rules that need more than one of them.
    func apply(to head: inout RequestHead) throws(ParseFailure) {
        if !hasHost, !head.isOldVersion { throw .missingHost }
        if isChunked {
            if length != nil { throw .lengthAndEncoding }
            if head.isOldVersion { throw .encodingInOldVersion }
            head.framing = .chunked
        } else if let length, length > 0 {
            head.framing = .sized(length)
        }
        if head.isOldVersion || head.framing == .none { head.expectsContinue = false }
    }

    private func contentLength(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(ParseFailure) -> Int {
        guard !value.isEmpty, value.count <= 18 else { throw .badContentLength }
        var length = 0
        for index in value {
            let byte = bytes[index]
            guard byte >= 48, byte <= 57 else { throw .badContentLength }
            length = length * 10 + Int(byte - 48)
        }
        return length
    }

    /// The list of connection options; `close` wins over everything.
    private mutating func connection(_ bytes: Span<UInt8>, _ value: Range<Int>, head: inout RequestHead) {
        var start = value.lowerBound
        while start < value.upperBound {
            let comma =
                bytes.firstIndex(of: UInt8(ascii: ","), in: start..<value.upperBound) ?? value.upperBound
            var option = start..<comma
            while !option.isEmpty, bytes[option.lowerBound] <= 32 {
                option = option.lowerBound + 1..<option.upperBound
            }
            while !option.isEmpty, bytes[option.upperBound - 1] <= 32 {
                option = option.lowerBound..<option.upperBound - 1
            }
            if bytes.matches("close", in: option, ignoringCase: true) {
                head.keepsAlive = false
                saidClose = true
            }
            if head.isOldVersion, !saidClose, bytes.matches("keep-alive", in: option, ignoringCase: true) {
                head.keepsAlive = true
            }
            start = comma + 1
        }
    }
}

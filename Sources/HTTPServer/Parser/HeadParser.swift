/// Reads a request's head, strictly: what two readers could understand differently is refused (RFC 9112 section 11).
///
/// Every index is checked, and nothing is allocated once the header table has grown to its usual size.
package struct HeadParser: Sendable {
    private let limits: Limits

    package init(limits: Limits) { self.limits = limits }

    /// Parses the head that starts at `start`, and says where it ends; nil while it is incomplete.
    package func parse(
        _ bytes: Span<UInt8>,
        in range: Range<Int>,
        into head: inout RequestHead
    ) throws(ParseFailure) -> Int? {
        head.reset()
        let start = Self.skippingEmptyLines(bytes, in: range)
        guard let firstEnd = bytes.firstIndex(of: Characters.lineFeed, in: start..<range.upperBound) else {
            if range.upperBound - start > limits.requestLine { throw .requestLineTooLong }
            return nil
        }
        if firstEnd - start > limits.requestLine { throw .requestLineTooLong }
        try RequestLine.parse(bytes, line: try Self.line(bytes, from: start, lineFeed: firstEnd), into: &head)

        var framing = FramingHeaders()
        var position = firstEnd + 1
        while let end = bytes.firstIndex(of: Characters.lineFeed, in: position..<range.upperBound) {
            if end + 1 - firstEnd > limits.headerBytes { throw .headersTooLarge }
            let line = try Self.line(bytes, from: position, lineFeed: end)
            position = end + 1
            if line.isEmpty {
                try framing.apply(to: &head)
                return position
            }
            if head.headers.count == limits.headerCount { throw .tooManyHeaders }
            let header = try Self.header(bytes, line: line)
            head.headers.append(header)
            try framing.note(bytes, header, index: head.headers.count - 1, head: &head)
        }
        if range.upperBound - firstEnd > limits.headerBytes { throw .headersTooLarge }
        return nil
    }

    /// A client may send an empty line or two after its last body (RFC 9112 section 2.2).
    private static func skippingEmptyLines(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int {
        var start = range.lowerBound
        for _ in 0..<2 where start + 1 < range.upperBound {
            if bytes[start] == Characters.carriageReturn, bytes[start + 1] == Characters.lineFeed {
                start += 2
            }
        }
        return start
    }

    /// A line without its end, which must be CR LF.
    private static func line(
        _ bytes: Span<UInt8>,
        from start: Int,
        lineFeed: Int
    ) throws(ParseFailure) -> Range<Int> {
        guard lineFeed > start, bytes[lineFeed - 1] == Characters.carriageReturn else { throw .bareLineFeed }
        return start..<lineFeed - 1
    }

    private static func header(
        _ bytes: Span<UInt8>,
        line: Range<Int>
    ) throws(ParseFailure) -> RequestHead.Header {
        let first = bytes[line.lowerBound]
        if first == Characters.space || first == Characters.tab { throw .foldedHeader }
        var colon = line.lowerBound
        while colon < line.upperBound, Characters.isToken(bytes[colon]) { colon += 1 }
        guard colon < line.upperBound, bytes[colon] == Characters.colon, colon > line.lowerBound else {
            throw colon < line.upperBound ? Self.complaint(bytes[colon]) : .malformedHeader
        }
        var valueStart = colon + 1
        var valueEnd = line.upperBound
        while valueStart < valueEnd, Self.isBlank(bytes[valueStart]) { valueStart += 1 }
        while valueEnd > valueStart, Self.isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
        if let forbidden = bytes.firstForbidden(in: valueStart..<valueEnd) {
            throw Self.complaint(bytes[forbidden])
        }
        return RequestHead.Header(name: Range(line.lowerBound, colon), value: Range(valueStart, valueEnd))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == Characters.space || byte == Characters.tab }

    private static func complaint(_ byte: UInt8) -> ParseFailure {
        switch byte {
        case Characters.space, Characters.tab: .spaceBeforeColon
        case Characters.carriageReturn: .bareCarriageReturn
        default: .malformedHeader
        }
    }
}

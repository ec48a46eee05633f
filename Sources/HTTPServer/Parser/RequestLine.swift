/// The first line of a request: method, target and version.
enum RequestLine {
    static func parse(
        _ bytes: Span<UInt8>,
        line: Range<Int>,
        into head: inout RequestHead
    ) throws(ParseFailure) {
        guard let methodEnd = bytes.firstIndex(of: Characters.space, in: line), methodEnd > line.lowerBound,
            let targetEnd = bytes.firstIndex(of: Characters.space, in: methodEnd + 1..<line.upperBound)
        else { throw .malformedRequestLine }
        for index in line.lowerBound..<methodEnd where !Characters.isToken(bytes[index]) {
            throw .malformedRequestLine
        }
        head.method = method(bytes, line.lowerBound..<methodEnd)
        head.methodName = Range(line.lowerBound, methodEnd)
        try version(bytes, targetEnd + 1..<line.upperBound, into: &head)
        try target(bytes, methodEnd + 1..<targetEnd, into: &head)
    }

    private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Method {
        if bytes.matches("GET", in: range) { return .get }
        if bytes.matches("POST", in: range) { return .post }
        if bytes.matches("HEAD", in: range) { return .head }
        if bytes.matches("DELETE", in: range) { return .delete }
        if bytes.matches("PATCH", in: range) { return .patch }
        if bytes.matches("PUT", in: range) { return .put }
        if bytes.matches("OPTIONS", in: range) { return .options }
        return .other
    }

    private static func version(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        into head: inout RequestHead
    ) throws(ParseFailure) {
        if bytes.matches("HTTP/1.1", in: range) { return }
        guard range.count == 8, bytes.matches("HTTP/", in: range.prefix(5)) else {
            throw .malformedRequestLine
        }
        guard bytes.matches("HTTP/1.0", in: range) else { throw .unsupportedVersion }
        head.isOldVersion = true
        head.keepsAlive = false
    }

    /// A path, a whole `http://host/path` as proxies send it, or the `*` of OPTIONS.
    private static func target(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        into head: inout RequestHead
    ) throws(ParseFailure) {
        guard !range.isEmpty else { throw .malformedRequestLine }
        guard bytes.isVisible(in: range) else { throw .malformedRequestLine }
        var start = range.lowerBound
        if bytes[start] != UInt8(ascii: "/") {
            if head.method == .options, bytes.matches("*", in: range) {
                head.path = Range(range.lowerBound, range.upperBound)
                return
            }
            guard bytes.matches("http://", in: range.prefix(7), ignoringCase: true) else {
                throw .malformedRequestLine
            }
            start = try authorityEnd(bytes, start + 7..<range.upperBound)
            if start == range.upperBound || bytes[start] != UInt8(ascii: "/") {
                // No path is the path "/"; one stands in the scheme.
                head.path = Range(range.lowerBound + 6, range.lowerBound + 7)
                if start < range.upperBound { head.query = Range(start + 1, range.upperBound) }
                return
            }
        }
        let question = bytes.firstIndex(of: UInt8(ascii: "?"), in: start..<range.upperBound)
        head.path = Range(start, question ?? range.upperBound)
        if let question { head.query = Range(question + 1, range.upperBound) }
    }

    /// Where a host ends, which must not be empty: at the path, the query, or the end of the target.
    private static func authorityEnd(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ParseFailure) -> Int {
        var end = range.lowerBound
        while end < range.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") {
            end += 1
        }
        if end == range.lowerBound { throw .malformedRequestLine }
        return end
    }
}

extension Range<Int> {
    /// The first `length` places, or fewer where there are fewer.
    fileprivate func prefix(_ length: Int) -> Range<Int> {
        lowerBound..<Swift.min(upperBound, lowerBound + length)
    }
}

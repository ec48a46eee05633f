/// One request: its head as places in the bytes it came in, and its whole body.
///
/// Inside a handler that runs on the loop it shares the loop's own buffer and costs nothing. What outlives the handler
/// must be `detached` first; forgetting it is safe, but copies the whole buffer.
package struct Request: Sendable {
    package let head: RequestHead
    let bytes: [UInt8]
    package let body: [UInt8]
    package let peer: Peer
    /// Where the router found the path's parameters.
    package var captures = PathCaptures()

    init(head: RequestHead, bytes: [UInt8], body: [UInt8] = [], peer: Peer) {
        self.head = head
        self.bytes = bytes
        self.body = body
        self.peer = peer
    }

    package var method: Method { head.method }

    /// The method as sent, also where it is none we know.
    package var methodName: String { text(head.methodName) }

    /// The path as sent, still encoded.
    package var rawPath: String { text(head.path) }

    /// What follows the question mark, still encoded.
    package var rawQuery: String { text(head.query) }

    /// The bytes of the path as sent.
    package var pathBytes: ArraySlice<UInt8> { bytes[head.path.places] }

    /// The bytes after the question mark as sent.
    package var queryBytes: ArraySlice<UInt8> { bytes[head.query.places] }

    /// The same request, holding no more than its own bytes.
    package func detached() -> Request {
        let first = Int(head.methodName.lowerBound)
        let last = max(
            Int(head.path.upperBound),
            Int(head.query.upperBound),
            Int(head.headers.last?.value.upperBound ?? 0)
        )
        var copy = Request(
            head: head.shifted(by: first),
            bytes: Array(bytes[first..<last]),
            body: body,
            peer: peer
        )
        copy.captures = captures.shifted(by: first)
        return copy
    }

    /// The same head with the body that followed it.
    func with(body: [UInt8]) -> Request {
        var copy = Request(head: head, bytes: bytes, body: body, peer: peer)
        copy.captures = captures
        return copy
    }

    func text(_ range: Range<Int32>) -> String { String(decoding: bytes[range.places], as: UTF8.self) }
}

extension Request {
    /// The value of the first header of that name, which is given in lower case.
    package func header(_ name: StaticString) -> String? {
        headerPlace(name).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The same value as bytes, without making a text of it.
    package func headerBytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        headerPlace(name).map { bytes[$0] }
    }

    /// The one Authorization header; nil where there is none, or more than one.
    package var authorization: ArraySlice<UInt8>? {
        let index = Int(head.authorization)
        return head.headers.indices.contains(index) ? bytes[head.headers[index].value.places] : nil
    }

    /// True where a peer sent several credentials, so that nobody can say which was meant.
    package var hasSeveralAuthorizations: Bool { head.authorization == -2 }

    /// Every header in the order sent, names as sent.
    package var allHeaders: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
        head.headers.map { (bytes[$0.name.places], bytes[$0.value.places]) }
    }

    private func headerPlace(_ name: StaticString) -> Range<Int>? {
        let span = bytes.span
        for header in head.headers where span.matches(name, in: header.name.places, ignoringCase: true) {
            return header.value.places
        }
        return nil
    }
}

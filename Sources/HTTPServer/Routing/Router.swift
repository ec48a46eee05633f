/// Finds what a request is for, by its raw path: an encoded slash stays inside its segment.
///
/// Built once from the table of routes, then only read. Finding allocates nothing.
package struct Router: Sendable {
    /// What a path and method lead to.
    package enum Match: Sendable {
        case route(Int, PathCaptures)
        /// The path is known, the method is not; these are the methods it has.
        case methodNotAllowed([Method])
        case notFound
    }

    /// A place in the tree of segments.
    ///
    /// Everything hangs together by numbers in flat arrays: to walk through arrays in
    /// arrays would count references at every step, on every request.
    private struct Node: Sendable {
        /// The first of the literal segments that lead on, or -1.
        var literal = -1
        /// Where any other segment leads, or -1.
        var parameter = -1
        /// The first route that ends here, or -1.
        var route = -1
    }

    /// A literal segment, and the next one of the same node, or -1.
    private struct Literal: Sendable {
        let text: Range<Int>
        let node: Int
        var next = -1
    }

    /// A route, and the next one for the same path, or -1.
    private struct Entry: Sendable {
        let method: Method
        let number: Int
        var next = -1
    }

    private var nodes = [Node()]
    private var literals: [Literal] = []
    private var entries: [Entry] = []
    /// The letters of all literal segments.
    private var text: [UInt8] = []

    package init() {}

    /// Adds a route by its number; `{name}` stands for one segment, and a slash at the end for an empty one.
    ///
    /// Two routes for the same method and path are refused, and more parameters than can be captured.
    package mutating func add(
        _ method: Method,
        _ pattern: StaticString,
        number: Int
    ) throws(RouteConflict) {
        var node = 0
        var segments = "\(pattern)".split(separator: "/")
        if "\(pattern)".hasSuffix("/"), !segments.isEmpty { segments.append("") }
        if segments.count(where: { $0.hasPrefix("{") }) > PathCaptures.capacity {
            throw RouteConflict(method: method, pattern: "\(pattern)", reason: .tooManyParameters)
        }
        for segment in segments {
            node = segment.hasPrefix("{") ? parameter(of: node) : literal(Array(segment.utf8), of: node)
        }
        var last = -1
        var entry = nodes[node].route
        while entry >= 0 {
            if entries[entry].method == method {
                throw RouteConflict(method: method, pattern: "\(pattern)", reason: .taken)
            }
            (last, entry) = (entry, entries[entry].next)
        }
        entries.append(Entry(method: method, number: number))
        if last < 0 { nodes[node].route = entries.count - 1 } else { entries[last].next = entries.count - 1 }
    }

    /// Looks a request up; HEAD is answered as GET.
    package func find(_ request: Request) -> Match {
        find(request.method, request.bytes, path: request.head.path.places)
    }

    func find(_ method: Method, _ bytes: [UInt8], path: Range<Int>) -> Match {
        var captures = PathCaptures()
        guard let node = node(bytes.span, path: path, captures: &captures) else { return .notFound }
        let wanted = method == .head ? .get : method
        var entry = nodes[node].route
        while entry >= 0 {
            if entries[entry].method == wanted { return .route(entries[entry].number, captures) }
            entry = entries[entry].next
        }
        return .methodNotAllowed(methods(at: node))
    }

    private func methods(at node: Int) -> [Method] {
        var methods: [Method] = []
        var entry = nodes[node].route
        while entry >= 0 {
            methods.append(entries[entry].method)
            entry = entries[entry].next
        }
        return methods.contains(.get) ? methods + [.head] : methods
    }

    private func node(_ bytes: Span<UInt8>, path: Range<Int>, captures: inout PathCaptures) -> Int? {
        guard !path.isEmpty, path.upperBound <= bytes.count, bytes[path.lowerBound] == UInt8(ascii: "/")
        else {
            return nil
        }
        if path.count == 1 { return nodes[0].route < 0 ? nil : 0 }
        return descend(0, bytes, path.lowerBound + 1..<path.upperBound, &captures)
    }

    /// The node that `rest` leads to and that has routes.
    ///
    /// A literal segment is tried before a parameter; where it leads nowhere, the parameter still may.
    private func descend(
        _ node: Int,
        _ bytes: Span<UInt8>,
        _ rest: Range<Int>,
        _ captures: inout PathCaptures
    ) -> Int? {
        let end = bytes.firstIndex(of: UInt8(ascii: "/"), in: rest) ?? rest.upperBound
        let segment = rest.lowerBound..<end
        var literal = nodes[node].literal
        while literal >= 0 {
            if isSegment(bytes, segment, literals[literal].text) {
                var deeper = captures
                if let found = arrive(literals[literal].node, bytes, end..<rest.upperBound, &deeper) {
                    captures = deeper
                    return found
                }
                break
            }
            literal = literals[literal].next
        }
        let next = nodes[node].parameter
        guard next >= 0, !segment.isEmpty else { return nil }
        captures.append(segment)
        return arrive(next, bytes, end..<rest.upperBound, &captures)
    }

    private func isSegment(_ bytes: Span<UInt8>, _ segment: Range<Int>, _ literal: Range<Int>) -> Bool {
        guard segment.count == literal.count else { return false }
        let letters = text.span
        for offset in 0..<literal.count
        where bytes[segment.lowerBound + offset] != letters[literal.lowerBound + offset] { return false }
        return true
    }

    /// At a node, with what is left of the path: nothing, or a slash and more.
    private func arrive(
        _ node: Int,
        _ bytes: Span<UInt8>,
        _ rest: Range<Int>,
        _ captures: inout PathCaptures
    ) -> Int? {
        if rest.isEmpty { return nodes[node].route < 0 ? nil : node }
        return descend(node, bytes, rest.lowerBound + 1..<rest.upperBound, &captures)
    }

    private mutating func parameter(of node: Int) -> Int {
        if nodes[node].parameter >= 0 { return nodes[node].parameter }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func literal(_ segment: [UInt8], of node: Int) -> Int {
        var literal = nodes[node].literal
        while literal >= 0 {
            if Array(text[literals[literal].text]) == segment { return literals[literal].node }
            literal = literals[literal].next
        }
        nodes.append(Node())
        let start = text.count
        text += segment
        literals.append(Literal(text: start..<text.count, node: nodes.count - 1, next: nodes[node].literal))
        nodes[node].literal = literals.count - 1
        return nodes.count - 1
    }
}

/// A route that cannot be served; a mistake in the route table, found when the server is built.
package struct RouteConflict: Error, Equatable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        /// Another route claims the same requests.
        case taken
        case tooManyParameters
    }

    package let method: Method
    package let pattern: String
    package let reason: Reason

    package var description: String {
        switch reason {
        case .taken: "two routes for \(method.rawValue) \(pattern)"
        case .tooManyParameters:
            "more than \(PathCaptures.capacity) parameters in \(method.rawValue) \(pattern)"
        }
    }
}

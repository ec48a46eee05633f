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

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [(method: Method, number: Int)] = []
    }

    private var nodes: [Node] = [Node()]

    package init() {}

    /// Adds a route by its number; `{name}` stands for one segment.
    ///
    /// Two routes for the same method and path are refused, and more parameters than can be captured.
    package mutating func add(
        _ method: Method,
        _ pattern: StaticString,
        number: Int
    ) throws(RouteConflict) {
        var node = 0
        let segments = "\(pattern)".split(separator: "/")
        if segments.count(where: { $0.hasPrefix("{") }) > PathCaptures.capacity {
            throw RouteConflict(method: method, pattern: "\(pattern)", reason: .tooManyParameters)
        }
        for segment in segments {
            node = segment.hasPrefix("{") ? parameter(of: node) : literal(Array(segment.utf8), of: node)
        }
        if nodes[node].routes.contains(where: { $0.method == method }) {
            throw RouteConflict(method: method, pattern: "\(pattern)", reason: .taken)
        }
        nodes[node].routes.append((method, number))
    }

    /// Looks a request up; HEAD is answered as GET.
    package func find(_ request: Request) -> Match {
        find(request.method, request.bytes, path: request.head.path.places)
    }

    func find(_ method: Method, _ bytes: [UInt8], path: Range<Int>) -> Match {
        var captures = PathCaptures()
        guard let node = node(bytes, path: path, captures: &captures) else { return .notFound }
        let wanted = method == .head ? .get : method
        for route in nodes[node].routes where route.method == wanted { return .route(route.number, captures) }
        let known = nodes[node].routes.map(\.method)
        return .methodNotAllowed(known.contains(.get) ? known + [.head] : known)
    }

    private func node(_ bytes: [UInt8], path: Range<Int>, captures: inout PathCaptures) -> Int? {
        guard !path.isEmpty, path.upperBound <= bytes.count, bytes[path.lowerBound] == UInt8(ascii: "/")
        else {
            return nil
        }
        if path.count == 1 { return nodes[0].routes.isEmpty ? nil : 0 }
        return descend(0, bytes.span, path.lowerBound + 1..<path.upperBound, &captures)
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
        for (literal, next) in nodes[node].literals where literal.count == segment.count {
            guard bytes.equals(literal.span, at: segment.lowerBound) else { continue }
            var deeper = captures
            if let found = arrive(next, bytes, end..<rest.upperBound, &deeper) {
                captures = deeper
                return found
            }
            break
        }
        guard let next = nodes[node].parameter, !segment.isEmpty else { return nil }
        captures.append(segment)
        return arrive(next, bytes, end..<rest.upperBound, &captures)
    }

    /// At a node, with what is left of the path: nothing, or a slash and more.
    private func arrive(
        _ node: Int,
        _ bytes: Span<UInt8>,
        _ rest: Range<Int>,
        _ captures: inout PathCaptures
    ) -> Int? {
        if rest.isEmpty { return nodes[node].routes.isEmpty ? nil : node }
        return descend(node, bytes, rest.lowerBound + 1..<rest.upperBound, &captures)
    }

    private mutating func parameter(of node: Int) -> Int {
        if let next = nodes[node].parameter { return next }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func literal(_ segment: [UInt8], of node: Int) -> Int {
        if let found = nodes[node].literals.first(where: { $0.segment == segment }) { return found.node }
        nodes.append(Node())
        nodes[node].literals.append((segment, nodes.count - 1))
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

extension Span<UInt8> {
    fileprivate func equals(_ other: Span<UInt8>, at start: Int) -> Bool {
        for index in 0..<other.count where self[start + index] != other[index] { return false }
        return true
    }
}

/// The ways signers in the field write down the path and the query that they sign.
///
/// Accepting several must not let one signature stand for two requests that mean different things. They agree on
/// what a request means except in three places, and there the forms that could mislead are withheld:
/// - A literal `+` in the query is a space when it is read, and sorting would write it like `%2B`: only the query
///   as sent counts. So it is with a broken escape such as `%zz`, which would be written like `%25zz`.
/// - A `%25` in the path as sent is also what an escape becomes when a path is encoded twice; a request so signed
///   could be turned into one for a path that really holds a percent sign: only the specification's form counts.
package enum CanonicalForm: String, CaseIterable, Comparable, Sendable {
    /// The path normalised and encoded once more, the query decoded, encoded and sorted: the AWS SDKs and tools.
    case specification
    /// The path as sent, the query as the specification says: many releases of curl 8.
    case rawPath
    /// Path and query as sent: curl 7.
    case raw

    package static func < (left: CanonicalForm, right: CanonicalForm) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .specification: 0
        case .rawPath: 1
        case .raw: 2
        }
    }
}

extension CanonicalForm: CustomStringConvertible {
    package var description: String {
        switch self {
        case .specification: "the specification's (path encoded twice, query sorted)"
        case .rawPath: "path as sent, query sorted"
        case .raw: "path and query as sent"
        }
    }
}

extension CanonicalForm {
    /// The path and the query in this form, or nil where the form could mean two things.
    func target(_ head: SignedRequestHead) -> (path: [UInt8], query: [UInt8])? {
        let path = head.path.isEmpty ? [UInt8(ascii: "/")] : head.path
        switch self {
        case .specification:
            guard let query = CanonicalQuery.sorted(head.query) else { return nil }
            return (CanonicalPath.encoded(path), query)
        case .rawPath:
            guard !CanonicalPath.holdsEncodedPercent(path), let query = CanonicalQuery.sorted(head.query)
            else { return nil }
            return (path, query)
        case .raw:
            guard !CanonicalPath.holdsEncodedPercent(path) else { return nil }
            return (path, head.query)
        }
    }
}

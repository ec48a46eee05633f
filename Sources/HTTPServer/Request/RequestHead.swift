/// Where the parts of a request's head stand in the bytes it was parsed from.
///
/// It holds places, not text, so that parsing allocates nothing: one value is filled again for every request of a loop.
package struct RequestHead: Sendable {
    /// One header line.
    struct Header: Sendable {
        var name: Range<Int32>
        var value: Range<Int32>
    }

    /// How the end of the body is known.
    enum Framing: Equatable, Sendable {
        case none
        case sized(Int)
        case chunked
    }

    package internal(set) var method: Method = .other
    package internal(set) var isOldVersion = false
    package internal(set) var keepsAlive = true
    package internal(set) var expectsContinue = false
    var framing: Framing = .none
    var methodName: Range<Int32> = 0..<0
    /// The path as sent, still encoded.
    var path: Range<Int32> = 0..<0
    /// What follows the question mark, still encoded.
    var query: Range<Int32> = 0..<0
    var headers: [Header] = []
    var authorization: Int32 = -1

    package init() { headers.reserveCapacity(32) }

    mutating func reset() {
        method = .other
        isOldVersion = false
        keepsAlive = true
        expectsContinue = false
        framing = .none
        path = 0..<0
        query = 0..<0
        authorization = -1
        headers.removeAll(keepingCapacity: true)
    }

    /// The same head over bytes that start `offset` later.
    func shifted(by offset: Int) -> RequestHead {
        let offset = Int32(truncatingIfNeeded: offset)
        var copy = self
        copy.methodName = methodName.shifted(by: offset)
        copy.path = path.shifted(by: offset)
        copy.query = query.shifted(by: offset)
        copy.headers = headers.map {
            Header(name: $0.name.shifted(by: offset), value: $0.value.shifted(by: offset))
        }
        return copy
    }
}

extension Range<Int32> {
    init(_ lower: Int, _ upper: Int) {
        self = Int32(truncatingIfNeeded: lower)..<Int32(truncatingIfNeeded: upper)
    }

    /// The same places as indices into an array.
    var places: Range<Int> { Int(lowerBound)..<Int(upperBound) }

    /// The same places in bytes that start `offset` later; what is nowhere stays nowhere.
    func shifted(by offset: Int32) -> Range<Int32> {
        isEmpty ? 0..<0 : (lowerBound &- offset)..<(upperBound &- offset)
    }
}

import Base

/// Tells whether a request is the same as an earlier one: what it means counts, not how its members are ordered.
enum RequestDigest {
    static func of(_ operation: StaticString, _ meaning: JSON) -> [UInt8] {
        Hash.sha256(Array("\(operation)\n".utf8) + meaning.sorted.encoded)
    }
}

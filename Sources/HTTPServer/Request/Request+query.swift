extension Request {
    /// The first value of a query parameter, decoded; nil where it is absent or its encoding is broken.
    package func query(_ name: StaticString) -> String? {
        for pair in queryPairs where pair.name == "\(name)" { return pair.value }
        return nil
    }

    /// Every query parameter in the order sent, decoded.
    ///
    /// A parameter whose encoding is broken has no value.
    package var queryPairs: [(name: String, value: String?)] {
        bytes[head.query.places].split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = parts.first.flatMap { PercentCoding.decode($0, plusIsSpace: true) } ?? ""
            let value = parts.count > 1 ? PercentCoding.decode(parts[1], plusIsSpace: true) : ""
            return (name, value)
        }
    }
}

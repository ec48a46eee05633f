extension Request {
    /// The first value of a query parameter, decoded; nil where it is absent or its encoding is broken.
    package func query(_ name: StaticString) -> String? {
        for pair in queryPairs where pair.name == "\(name)" { return pair.value }
        return nil
    }

    /// Where the first value of a query parameter stands, as sent and without making a text of it.
    ///
    /// The name is looked for as it is: a client that encodes letters which need none is not understood.
    package func queryBytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        let span = bytes.span
        var start = head.query.places.lowerBound
        let end = head.query.places.upperBound
        while start < end {
            let pairEnd = span.firstIndex(of: UInt8(ascii: "&"), in: start..<end) ?? end
            if let equals = span.firstIndex(of: UInt8(ascii: "="), in: start..<pairEnd),
                span.matches(name, in: start..<equals)
            {
                return bytes[equals + 1..<pairEnd]
            }
            start = pairEnd + 1
        }
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

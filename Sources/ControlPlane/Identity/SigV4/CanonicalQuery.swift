/// The query of a canonical request.
enum CanonicalQuery {
    private struct Pair: Comparable {
        let name: [UInt8]
        let value: [UInt8]

        static func < (left: Pair, right: Pair) -> Bool {
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value)
                : left.name.lexicographicallyPrecedes(right.name)
        }
    }

    /// Each name and value decoded and encoded again, sorted by name and then by value.
    ///
    /// Nil where a literal `+` or a broken escape stands in it; `CanonicalForm` says why.
    static func sorted(_ query: [UInt8]) -> [UInt8]? {
        guard !query.contains(UInt8(ascii: "+")) else { return nil }
        if query.isEmpty { return [] }
        var pairs: [Pair] = []
        for pair in query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard let first = recode(name), let second = recode(pair.dropFirst(name.count + 1)) else {
                return nil
            }
            pairs.append(Pair(name: first, value: second))
        }
        let texts = pairs.sorted().map { $0.name + [UInt8(ascii: "=")] + $0.value }
        return Array(texts.joined(separator: [UInt8(ascii: "&")]))
    }

    private static func recode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        PercentEncoding.decode(text).map { PercentEncoding.encode($0) }
    }
}

/// The two bytes that HTTP lets stand around and within header values.
enum Whitespace {
    static func contains(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = bytes.firstIndex(where: { !contains($0) }),
            let last = bytes.lastIndex(where: { !contains($0) })
        else { return [] }
        return bytes[first...last]
    }

    /// Trimmed, and every run within made one space.
    static func collapse(_ bytes: [UInt8]) -> [UInt8] {
        var collapsed: [UInt8] = []
        collapsed.reserveCapacity(bytes.count)
        for word in bytes.split(whereSeparator: contains) {
            if !collapsed.isEmpty { collapsed.append(UInt8(ascii: " ")) }
            collapsed += word
        }
        return collapsed
    }
}

import Base

/// Seconds as headers have them: digits, and after a point some more.
enum DecimalSeconds {
    /// In nanoseconds, cut and never rounded up; nil where the text is anything else.
    static func nanoseconds(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let whole = digits(first), whole <= 9_000_000_000
        else {
            return nil
        }
        if parts.count == 1 { return whole * 1_000_000_000 }
        guard digits(parts[1]) != nil else { return nil }
        let fraction =
            Array(parts[1].prefix(9)) + repeatElement(UInt8(ascii: "0"), count: max(0, 9 - parts[1].count))
        return digits(fraction).map { whole * 1_000_000_000 + $0 }
    }

    private static func digits(_ text: some Collection<UInt8>) -> Int64? {
        guard (1...18).contains(text.count) else { return nil }
        var value: Int64 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

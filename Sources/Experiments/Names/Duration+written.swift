extension Duration {
    /// A length of time as people write it in a condition: ISO 8601, as in `PT30S`, or a whole number and a unit, as in `30s`.
    init?(written text: String) {
        if let duration = ISODuration(text) {
            self = duration.value
            return
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits), count <= 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(count)
        case "s": self = .seconds(count)
        case "m": self = .seconds(count * 60)
        case "h": self = .seconds(count * 3_600)
        default: return nil
        }
    }
}

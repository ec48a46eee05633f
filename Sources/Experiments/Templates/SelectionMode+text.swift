extension SelectionMode: LosslessStringConvertible {
    /// What is accepted, in the words of a message.
    static let accepted = "ALL, COUNT(n) with n of at least 1, or PERCENT(n) with n from 1 to 100,"

    /// Reads `ALL`, `COUNT(n)` or `PERCENT(n)`; none of them may select nothing whatever is found.
    package init?(_ text: String) {
        if text == "ALL" {
            self = .all
        } else if let count = Self.number(in: text, after: "COUNT("), count >= 1 {
            self = .count(count)
        } else if let percent = Self.number(in: text, after: "PERCENT("), (1...100).contains(percent) {
            self = .percent(percent)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .all: "ALL"
        case .count(let count): "COUNT(\(count))"
        case .percent(let percent): "PERCENT(\(percent))"
        }
    }

    private static func number(in text: String, after start: String) -> Int? {
        guard text.hasPrefix(start), text.hasSuffix(")"), text.utf8.count <= 64 else { return nil }
        return ParameterKind.whole(String(text.dropFirst(start.count).dropLast()))
    }
}

extension String {
    /// The text without the spaces and line ends around it.
    package var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }),
            let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }

    /// Nothing but spaces and line ends.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

extension [String] {
    /// As in `a, b or c`.
    var alternatives: String {
        guard let last, count > 1 else { return first ?? "nothing" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}

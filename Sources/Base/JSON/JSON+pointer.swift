extension JSON {
    /// The value at a JSON pointer (RFC 6901), such as `/checks/0/status`; nil where there is none.
    ///
    /// The empty pointer is the whole.
    package func value(at pointer: String) -> JSON? {
        if pointer.isEmpty { return self }
        var value = self
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let next = value.child(Self.name(token)) else { return nil }
            value = next
        }
        return value
    }

    /// Whether a text is a pointer at all.
    package static func isPointer(_ text: String) -> Bool {
        guard text.isEmpty || text.hasPrefix("/") else { return false }
        let parts = text.split(separator: "~", omittingEmptySubsequences: false)
        return parts.dropFirst().allSatisfy { $0.hasPrefix("0") || $0.hasPrefix("1") }
    }

    private func child(_ name: String) -> JSON? {
        switch self {
        case .object: self[name]
        case .array:
            // No sign and no leading zero.
            Int(name).flatMap { String($0) == name ? self[$0] : nil }
        case .null, .bool, .integer, .number, .string: nil
        }
    }

    private static func name(_ token: Substring) -> String {
        if !token.contains("~") { return String(token) }
        // `~1` first, so that `~01` stays `~1`.
        let parts = token.split(separator: "~", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { text, part in
            text + (part.hasPrefix("1") ? "/" : "~") + part.dropFirst()
        }
    }
}

import Base

/// What the names of templates and experiments have in common.
enum ResourceName {
    /// Whether a text is that prefix with ASCII letters and digits behind it, 64 characters in all at most.
    static func isName(_ text: String, prefix: String) -> Bool {
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        return text.hasPrefix(prefix) && !rest.isEmpty && text.utf8.count <= 64
            && rest.allSatisfy(\.isAlphanumeric)
    }
}

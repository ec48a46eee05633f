extension String {
    /// Whether it holds U+0000, at which C and PostgreSQL would cut it in silence.
    package var hasNUL: Bool {
        let bytes = utf8.span
        for index in bytes.indices where bytes[index] == 0 { return true }
        return false
    }
}

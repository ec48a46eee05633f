/// What instances and qualifiers may be called: they are the clients' own, and end up in lists, logs and the database.
enum PolledName {
    case instance
    case qualifier

    private var limit: Int {
        switch self {
        case .instance: 256
        case .qualifier: 128
        }
    }

    /// Whether a text will do.
    func takes(_ text: String) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.count <= limit && !bytes.contains { $0 < 0x20 || $0 == 0x7F }
    }

    /// What will, in the words of an error message.
    var accepted: String { "a text of 1 to \(limit) bytes without control characters is accepted" }
}

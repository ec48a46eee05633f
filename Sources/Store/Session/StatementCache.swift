/// The statements that one session has prepared on the server, so that it plans each of them once.
///
/// A statement is prepared when it comes the second time: what is asked only once is not worth a round trip more. A pooler between
/// may hand the session another server process, which knows none of them; then the session goes on without.
final class StatementCache {
    private enum Entry {
        case seen
        case prepared(String)
    }

    /// More than there are statements in the program, unless somebody makes them up at run time.
    private static let limit = 256

    private var entries: [String: Entry] = [:]
    private var isOff = false

    /// What to do with a statement.
    enum Use {
        case plain
        case prepare(name: String)
        case prepared(name: String)
    }

    func use(of text: String) -> Use {
        if isOff { return .plain }
        switch entries[text] {
        case .prepared(let name): return .prepared(name: name)
        case .seen:
            return .prepare(name: "s\(entries.count)_\(text.utf8.count)_\(UInt.random(in: .min ... .max))")
        case nil:
            if entries.count < Self.limit { entries[text] = .seen }
            return .plain
        }
    }

    func prepared(_ text: String, as name: String) { entries[text] = .prepared(name) }

    /// The server does not know a statement that was prepared: it is not the same server process.
    func turnOff() {
        isOff = true
        entries = [:]
    }
}

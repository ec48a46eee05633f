import Base
import Store

/// Reads what was published and cleared into the book: every second, and whenever somebody says that there is something.
final class DocumentReader: Sendable {
    let book: DocumentBook
    private let database: DatabaseDoor
    private let clock: Clock
    private let wake: @Sendable (DocumentBook.News) -> Void
    private let mark = Locked(DocumentMark.start)
    /// When single targets were read last.
    private let singles = Locked<[TargetKey: Instant]>([:])
    private static let singlesLimit = 10_000

    init(
        into book: DocumentBook,
        from database: DatabaseDoor,
        clock: Clock,
        wake: @escaping @Sendable (DocumentBook.News) -> Void
    ) {
        self.book = book
        self.database = database
        self.clock = clock
        self.wake = wake
    }

    /// Everything that was committed before this began is in the book when it returns.
    ///
    /// Neither transactions nor the epoch ever go back. A database in which they do was restored, or lost commits in a failover; what it
    /// says of a target may then be lower than what is here and would be passed over, a stop too. So this node vouches for nothing more.
    func turn() async throws(StoreError) {
        let begun = clock.now()
        let (since, epoch) = (mark.withLock { $0 }, book.epoch)
        let changes = try await opened().statement { transaction throws(StoreError) in
            try transaction.documentChanges(since: since)
        }
        if changes.mark < since || changes.lever.epoch < epoch {
            book.distrust(
                "the database is behind what it said before: it was restored or lost commits; restart this node"
            )
        }
        let news = book.read(changes, begunAt: begun)
        // Of two readings at once the one that began first may come last: then more is read again.
        mark.withLock { $0 = changes.mark }
        wake(news)
    }

    /// Reads one target, for an injector that has seen more of it than this node has; at most once a second, for all who ask.
    func catchUp(_ key: TargetKey) async throws(StoreError) {
        let now = clock.now()
        let isDue = singles.withLock { singles in
            if let last = singles[key], now - last < .seconds(1) { return false }
            if singles.count >= Self.singlesLimit { singles.removeAll(keepingCapacity: true) }
            singles[key] = now
            return true
        }
        if !isDue { return }
        let context = OperationContext(
            account: key.account,
            actor: .system,
            origin: .background,
            requestID: "poll of \(key.target)"
        )
        let document = try await opened().statement { transaction throws(StoreError) in
            try transaction.faultDocumentRead(context, target: key.target)
        }
        wake(book.read(document, of: key))
    }

    private func opened() throws(StoreError) -> Database {
        do throws(APIError) {
            return try database.opened()
        } catch {
            throw .unavailable("the database is not up yet")
        }
    }
}

import Base
package import Store

/// The database, for requests that may come before it is there.
package final class DatabaseDoor: Sendable {
    private let database = Locked<Database?>(nil)

    package init() {}

    package func open(_ opened: Database) { database.withLock { $0 = opened } }

    /// As before it was opened.
    func shut() { database.withLock { $0 = nil } }

    package var metrics: PoolMetrics? { database.withLock { $0 }?.metrics }

    package func close() { database.withLock { $0 }?.close() }

    /// The database behind it, once it is there.
    func opened() throws(APIError) -> Database {
        guard let database = database.withLock({ $0 }) else {
            throw APIError(.unavailable, "The database is not up yet.", retryAfter: 2)
        }
        return database
    }

    /// Runs a transaction, with errors as a caller is told them.
    func transaction<Value: Sendable>(
        _ options: TransactionOptions = .standard,
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) async throws(APIError) -> Value {
        let database = try opened()
        do throws(StoreError) {
            return try await database.transaction(options, body)
        } catch {
            throw APIError(error)
        }
    }

    /// Runs one statement, which is a transaction by itself.
    func statement<Value: Sendable>(
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) async throws(APIError) -> Value {
        try await transaction(.statement, body)
    }

    /// Tells the other nodes to look; they would see it within a second by themselves.
    func hint(_ channel: String, log: Logger) async {
        guard let database = database.withLock({ $0 }) else { return }
        do throws(StoreError) {
            try await database.notify(channel)
        } catch {
            log.warning("hint to other nodes lost", .field("error", error))
        }
    }
}

import Base
package import Store

/// The database, for requests that may come before it is there.
package final class DatabaseDoor: Sendable {
    private let database = Locked<Database?>(nil)

    package init() {}

    package func open(_ opened: Database) { database.withLock { $0 = opened } }

    package var metrics: PoolMetrics? { database.withLock { $0 }?.metrics }

    package func close() { database.withLock { $0 }?.close() }

    /// Runs a transaction, with errors as a caller is told them.
    func transaction<Value: Sendable>(
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) async throws(APIError) -> Value {
        guard let database = database.withLock({ $0 }) else {
            throw APIError(.unavailable, "The database is not up yet.", retryAfter: 2)
        }
        do throws(StoreError) {
            return try await database.transaction(.standard, body)
        } catch {
            throw APIError(error)
        }
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

extension Database {
    /// Tells every listener of a channel to look, once what it should see is committed.
    ///
    /// A transaction of its own: notifying takes a lock on the whole database server until the commit, and no change should
    /// hold that. It is a hint that may be lost; whoever listens also looks by itself.
    package func notify(_ channel: String, _ payload: String = "") async throws(StoreError) {
        try await statement { transaction throws(StoreError) in
            _ = try transaction.one("SELECT pg_notify(\(channel), \(payload)) IS NULL") {
                row throws(StoreError) in try row.next(Bool.self)
            }
        }
    }
}

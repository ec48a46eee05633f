import Base

extension Database {
    /// Runs `body` in a transaction; whatever it throws undoes everything.
    ///
    /// A transaction that collided with another is tried again a few times, so `body` may run more than once. It runs on the
    /// session's thread and must do nothing but talk to the database.
    package func transaction<Value: Sendable>(
        _ options: TransactionOptions = .standard,
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        var backoff = Backoff(first: .milliseconds(10), limit: .milliseconds(200))
        var attempt = 1
        while true {
            do throws(StoreError) {
                return try await attemptTransaction(options, body)
            } catch {
                guard error.sqlState?.isCollision == true, attempt < options.attempts else { throw error }
                attempt += 1
                guard (try? await Task.sleep(for: backoff.next())) != nil else { throw error }
            }
        }
    }

    /// Runs one statement, which is a transaction by itself.
    package func statement<Value: Sendable>(
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await transaction(.statement, body)
    }

    /// Tries until a session takes the transaction: those that the server hung up on cost nothing and are passed over.
    private func attemptTransaction<Value: Sendable>(
        _ options: TransactionOptions,
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        while true {
            let lent = try await borrow()
            if lent.needsCheck, await !lent.session.answers() {
                giveBack(lent, isUsable: false)
                continue
            }
            let (outcome, isUsable) = await lent.session.transaction(options, body)
            giveBack(lent, isUsable: isUsable)
            if case .failure(.unavailable) = outcome { continue }
            return try outcome.get()
        }
    }
}

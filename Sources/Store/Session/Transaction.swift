import Base

/// What statements are run in: all of them happen, or none does.
///
/// It is lent to a closure and cannot be kept. The closure runs on the session's own thread and cannot be suspended, so
/// nothing of another task ever comes between two of its statements.
package struct Transaction: ~Copyable {
    private let connection: Connection
    private let options: TransactionOptions
    private let tally = Tally()

    init(on connection: consuming Connection, _ options: TransactionOptions) {
        self.connection = connection
        self.options = options
    }

    /// Gives the connection back.
    consuming func release() -> Connection { connection }

    /// Runs a statement that returns no rows; says how many it touched.
    @discardableResult
    package func execute(_ query: Query) throws(StoreError) -> Int {
        try run(query).affected
    }

    /// All rows of a statement.
    package func all<Value>(
        _ query: Query,
        _ read: (inout Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        try run(query).map(read)
    }

    /// The only row of a statement, or nil where there is none.
    package func first<Value>(
        _ query: Query,
        _ read: (inout Row) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        let values = try all(query, read)
        guard values.count <= 1 else { throw .unexpectedRow("\(values.count) rows where one was expected") }
        return values.first
    }

    /// The one row that a statement must return.
    package func one<Value>(
        _ query: Query,
        _ read: (inout Row) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        guard let value = try first(query, read) else {
            throw .unexpectedRow("no row where one was expected")
        }
        return value
    }

    /// Runs a script of several statements, such as a migration.
    func script(_ text: StaticString) throws(StoreError) {
        try connection.runScript(text, within: options.timeLimit ?? .seconds(60))
    }

    private func run(_ query: Query) throws(StoreError) -> Rows {
        tally.statements += 1
        if options.extent == .statement, tally.statements > 1 {
            throw .misuse("a second statement where one was promised")
        }
        return try connection.run(query, within: options.timeLimit)
    }

    private final class Tally {
        var statements = 0
    }
}

extension Transaction {
    /// Begins, lends itself to `body`, and commits; whatever is thrown undoes everything.
    func perform<Value>(
        _ body: (borrowing Transaction) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        if options.extent != .whole { return try performSingle(body) }
        _ = try connection.run(options.begin)
        let value: Value
        do throws(StoreError) {
            if let limit = options.timeLimit { try limitStatements(to: limit) }
            value = try body(self)
            try checkUnfailed()
        } catch {
            // Where this fails the session is unusable, and the server undoes what it began.
            _ = try? connection.run("ROLLBACK")
            throw error
        }
        try commit()
        return value
    }

    private func limitStatements(to limit: Duration) throws(StoreError) {
        let milliseconds = "\(limit.nanoseconds / 1_000_000)ms"
        _ = try connection.run("SELECT set_config('statement_timeout', \(milliseconds), true)")
    }

    /// A statement alone is its own transaction: losing the session means not knowing.
    private func performSingle<Value>(
        _ body: (borrowing Transaction) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        do throws(StoreError) {
            return try body(self)
        } catch .connectionLost(let reason) {
            throw .outcomeUnknown(reason)
        }
    }

    /// Committing a transaction in which a statement failed would undo it and call that success.
    private func checkUnfailed() throws(StoreError) {
        if connection.hasFailedTransaction {
            throw .server(
                ServerError(state: .failedTransaction, message: "a failed statement was passed over")
            )
        }
    }

    private func commit() throws(StoreError) {
        do throws(StoreError) {
            _ = try connection.run("COMMIT")
        } catch .connectionLost(let reason) {
            throw .outcomeUnknown(reason)
        }
    }
}

import Base

/// A connection on a thread of its own, where it may block.
actor Session {
    private let thread: WorkerThread
    private let address: DatabaseAddress
    private let limits: SessionLimits
    private let application: String
    private let log: Logger
    private var connection: Connection?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    init(
        to address: DatabaseAddress,
        limits: SessionLimits,
        application: String,
        log: Logger
    ) throws(StoreError) {
        do throws(SystemError) {
            thread = try WorkerThread(name: "session")
        } catch {
            throw .system(error)
        }
        self.address = address
        self.limits = limits
        self.application = application
        self.log = log
    }

    deinit { thread.stop() }

    func open() throws(StoreError) {
        connection = try Connection.open(address, limits: limits, application: application, log: log)
    }

    func close() { connection = nil }

    /// Asks the server a question, where a session has been idle so long that something between may have forgotten it.
    func answers() -> Bool {
        guard let connection = connection.take() else { return false }
        let answered = (try? connection.run("SELECT 1")) != nil
        self.connection = consume connection
        return answered
    }

    /// Runs `body` in a transaction, once; says as well whether the session is good for another.
    ///
    /// A session that turns out to have been hung up on before anything was sent is `unavailable`.
    func transaction<Value: Sendable>(
        _ options: TransactionOptions,
        _ body: @Sendable (borrowing Transaction) throws(StoreError) -> Value
    ) -> (outcome: Result<Value, StoreError>, isUsable: Bool) {
        guard let connection = connection.take() else {
            return (.failure(.unavailable("the session is closed")), false)
        }
        if connection.hasHungUp() {
            return (.failure(.unavailable("the server had ended the session")), false)
        }
        let transaction = Transaction(on: connection, options)
        let outcome: Result<Value, StoreError>
        do throws(StoreError) {
            outcome = .success(try transaction.perform(body))
        } catch {
            outcome = .failure(error)
        }
        let used = transaction.release()
        let isUsable = used.isUsable
        self.connection = consume used
        return (outcome, isUsable)
    }
}

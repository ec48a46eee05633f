import Base
import Store
import TestSupport
import Testing

@Suite struct TransactionTests {
    @Test func `what is thrown undoes everything`() async throws {
        try await withTestDatabase { database in
            try await database.run("CREATE TABLE t (n int)")
            await #expect(throws: StoreError.refused(.textHasNUL)) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.execute("INSERT INTO t VALUES (1)")
                    throw .refused(.textHasNUL)
                }
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func `a failed statement that was passed over is not called success`() async throws {
        try await withTestDatabase { database in
            try await database.run("CREATE TABLE t (n int)")
            let error = await #expect(throws: StoreError.self) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.execute("INSERT INTO t VALUES (1)")
                    _ = try? transaction.execute("SELECT 1/0")
                }
            }
            #expect(error?.sqlState == .failedTransaction)
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
            #expect(database.metrics.sessionsLost == 0)
        }
    }

    @Test func `a second statement where one was promised is refused`() async throws {
        try await withTestDatabase { database in
            await #expect(throws: StoreError.misuse("a second statement where one was promised")) {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.execute("SELECT 1")
                    try transaction.execute("SELECT 2")
                }
            }
        }
    }

    @Test func `transactions that collide are tried again until both have happened`() async throws {
        try await withTestDatabase { database in
            try await database.run("CREATE TABLE t (n int)")
            try await database.run("INSERT INTO t VALUES (0)")
            var options = TransactionOptions.standard
            options.isolation = .serializable
            let haveRead = Locked(0)
            let increment: @Sendable (borrowing Transaction) throws(StoreError) -> Void = {
                transaction throws(StoreError) in
                let n = try transaction.one("SELECT n FROM t") {
                    row throws(StoreError) in try row.next(Int.self)
                }
                // Neither writes before both have read, so one of them must fail and read again.
                haveRead.withLock { $0 += 1 }
                haveRead.announce()
                _ = haveRead.wait(atMost: .seconds(10)) { $0 >= 2 }
                try transaction.execute("UPDATE t SET n = \(n + 1)")
            }
            async let first: Void = database.transaction(options, increment)
            async let second: Void = database.transaction(options, increment)
            _ = try await (first, second)
            #expect(try await database.value("SELECT n FROM t") == 2)
            #expect(haveRead.withLock { $0 } == 3)
        }
    }

    @Test(arguments: [
        ("40001", 4), ("40P01", 4), ("23505", 1),
    ])
    func `a collision is tried four times, any other refusal once`(state: String, attempts: Int) async throws
    {
        try await withTestDatabase { database in
            try await database.run(
                """
                CREATE FUNCTION fail(state text) RETURNS void LANGUAGE plpgsql
                AS 'BEGIN RAISE EXCEPTION USING ERRCODE = state; END'
                """
            )
            let count = Locked(0)
            let error = await #expect(throws: StoreError.self) {
                try await database.transaction { transaction throws(StoreError) in
                    count.withLock { $0 += 1 }
                    try transaction.execute("SELECT fail(\(state))")
                }
            }
            #expect(error?.sqlState == SQLState(state))
            #expect(count.withLock { $0 } == attempts)
        }
    }

    @Test func `the server's limit ends a statement, and the session lives on`() async throws {
        var limits = SessionLimits()
        limits.statement = .milliseconds(100)
        try await withTestDatabase(session: limits) { database in
            let error = await #expect(throws: StoreError.self) {
                try await database.run("SELECT pg_sleep(60)")
            }
            #expect(error?.sqlState == .queryCancelled)
            #expect(error?.isTemporary == true)
            let one: Int = try await database.value("SELECT 1")
            #expect(one == 1)
            #expect(database.metrics.sessionsLost == 0)
        }
    }

    @Test func `a limit of its own replaces the session's`() async throws {
        var limits = SessionLimits()
        limits.statement = .milliseconds(100)
        try await withTestDatabase(session: limits) { database in
            var options = TransactionOptions.standard
            options.timeLimit = .seconds(30)
            let waited = try await database.transaction(options) { transaction throws(StoreError) in
                try transaction.one("SELECT pg_sleep(0.3) IS NULL") {
                    row throws(StoreError) in try row.next(Bool.self)
                }
            }
            #expect(waited == false)
        }
    }

    @Test func `a session that is ended inside a transaction leaves nothing`() async throws {
        try await withTestDatabase { database in
            try await database.run("CREATE TABLE t (n int)")
            let error = await #expect(throws: StoreError.self) {
                try await database.transaction { transaction throws(StoreError) in
                    try transaction.execute("INSERT INTO t VALUES (1)")
                    try transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            guard case .connectionLost = error else {
                Issue.record("expected a lost connection, got \(String(describing: error))")
                return
            }
            #expect(try await database.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func `a session that is ended in a lone statement leaves us not knowing`() async throws {
        try await withTestDatabase { database in
            let error = await #expect(throws: StoreError.self) {
                try await database.run("SELECT pg_terminate_backend(pg_backend_pid())")
            }
            guard case .outcomeUnknown = error else {
                Issue.record("expected an unknown outcome, got \(String(describing: error))")
                return
            }
        }
    }

    @Test func `a statement that would start a dialogue is refused, and the pool recovers`() async throws {
        try await withTestDatabase { database in
            await #expect(throws: StoreError.unexpectedRow("the statement starts a dialogue")) {
                try await database.run("COPY accounts FROM STDIN")
            }
            let one: Int = try await database.value("SELECT 1")
            #expect(one == 1)
        }
    }

    @Test func `what the server remarks is in the log and not on the terminal`() async throws {
        let lines = MemoryLog()
        try await withTestDatabase(log: Logger(sink: lines, minimum: .debug)) { database in
            try await database.run("DROP TABLE IF EXISTS nothing")
        }
        #expect(lines.all.contains { $0.contains(#""database.notice":"NOTICE:  table \"nothing\""#) })
    }

    @Test func `a caller is told nothing of rows and addresses`() {
        let error = StoreError.server(
            ServerError(state: .uniqueViolation, message: "m", detail: "Key (name)=(secret)", constraint: "c")
        )
        #expect("\(error)" == "the database refused the statement")
        #expect(error.logged == "server: 23505 m (constraint c): Key (name)=(secret)")
        #expect("\(StoreError.unavailable("host 10.0.0.1"))" == "the database cannot be reached")
    }
}

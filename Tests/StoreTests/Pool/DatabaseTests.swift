import Base
import Glibc
import Store
import TestSupport
import Testing

@Suite struct DatabaseTests {
    /// Holds a session until `release`, from a transaction that blocks its thread.
    private func hold(_ database: Database, until released: Locked<Bool>) -> Task<Void, any Error> {
        Task {
            try await database.transaction { transaction throws(StoreError) in
                try transaction.execute("SELECT 1")
                _ = released.wait(atMost: .seconds(20)) { $0 }
            }
        }
    }

    private func letGo(_ released: Locked<Bool>) {
        released.withLock { $0 = true }
        released.announce()
    }

    private func pool(_ sessions: Int, queue: Int = 256, wait: Duration = .seconds(2)) -> PoolLimits {
        var limits = PoolLimits()
        limits.sessions = sessions
        limits.queue = queue
        limits.wait = wait
        return limits
    }

    @Test func `an exhausted pool answers in time, and serves again afterwards`() async throws {
        try await withTestDatabase(pool: pool(1, wait: .milliseconds(150))) { database in
            let released = Locked(false)
            let holder = hold(database, until: released)
            try await eventually("the session is busy") { database.metrics.busy == 1 }
            let start = Instant.now
            await #expect(throws: StoreError.waitedTooLong(.milliseconds(150))) {
                try await database.run("SELECT 1")
            }
            #expect(Instant.now - start < .seconds(15))
            letGo(released)
            try await holder.value
            try await database.run("SELECT 1")
            #expect(database.metrics.turnedAway == 1)
        }
    }

    @Test func `a full queue turns away at once`() async throws {
        try await withTestDatabase(pool: pool(1, queue: 1, wait: .seconds(20))) { database in
            let released = Locked(false)
            let holder = hold(database, until: released)
            try await eventually("the session is busy") { database.metrics.busy == 1 }
            let waiter = Task { try await database.run("SELECT 1") }
            try await eventually("one waits") { database.metrics.waiting == 1 }
            await #expect(throws: StoreError.queueFull(waiting: 1)) { try await database.run("SELECT 1") }
            letGo(released)
            try await holder.value
            try await waiter.value
        }
    }

    @Test func `who is cancelled while waiting stops waiting, and holds nothing up`() async throws {
        try await withTestDatabase(pool: pool(1, wait: .seconds(20))) { database in
            let released = Locked(false)
            let holder = hold(database, until: released)
            try await eventually("the session is busy") { database.metrics.busy == 1 }
            let waiter = Task { try await database.run("SELECT 1") }
            try await eventually("one waits") { database.metrics.waiting == 1 }
            waiter.cancel()
            await #expect(throws: StoreError.cancelled) { try await waiter.value }
            #expect(database.metrics.waiting == 0)
            letGo(released)
            try await holder.value
            try await database.run("SELECT 1")
        }
    }

    @Test func `many more tasks than sessions are all served by no more sessions than allowed`() async throws
    {
        try await withTestDatabase(pool: pool(3, wait: .seconds(20))) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 { group.addTask { try await database.run("SELECT 1") } }
                try await group.waitForAll()
            }
            let metrics = database.metrics
            #expect(metrics.open <= 3)
            #expect(metrics.busy == 0)
            #expect(metrics.lent == 100)
        }
    }

    @Test func `sessions that were ended while they lay idle are passed over`() async throws {
        try await withTestDatabase(pool: pool(3)) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await database.run("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            try await database.run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
            for _ in 0..<6 { try await database.run("SELECT 1") }
        }
    }

    @Test func `a session long idle that no longer answers is replaced`() async throws {
        let time = Locked(Instant.now)
        let clock = Clock(now: { time.withLock { $0 } }, wall: { .now })
        try await withTestDatabase { other in
            let database = try Database(other.address, log: .quiet, clock: clock)
            defer { database.close() }
            let first: Int = try await database.value("SELECT pg_backend_pid()")
            time.withLock { $0 = $0 + .seconds(31) }
            let second: Int = try await database.value("SELECT pg_backend_pid()")
            #expect(first == second)
            #expect(database.metrics.lent == 2)
        }
    }

    @Test func `a refused connection is an error in time, and says why in the log only`() async throws {
        let lines = MemoryLog()
        let folder = "/tmp/faultplane-nowhere-" + Random.token(8)
        let address = try DatabaseAddress(socketFolder: folder, user: "u", database: "d")
        let database = try Database(
            address,
            pool: pool(1, wait: .milliseconds(200)),
            log: Logger(sink: lines)
        )
        defer { database.close() }
        // On a machine so busy that the attempt takes longer than one waits, the first is only told that none was opened.
        var reason: String?
        try await eventually("the attempt has failed") {
            let error = await #expect(throws: StoreError.self) { try await database.run("SELECT 1") }
            if case .unavailable(let text) = error { reason = text }
            return reason?.contains("No such file or directory") == true
        }
        #expect(lines.all.contains { $0.contains("database session failed to open") })
    }

    @Test func `a dead first host is passed over for the second`() async throws {
        try await withTestDatabase { database in
            let server: String = try await database.value(
                "SELECT current_setting('unix_socket_directories') || ' ' || current_user || ' ' || current_database()"
            )
            let parts = server.split(separator: " ").map(String.init)
            let folder = try #require(parts.first).filter { $0 != "\"" }
            let address = try DatabaseAddress(
                "host=/nowhere,\(folder) user=\(parts[1]) dbname=\(parts[2]) connect_timeout=2"
            )
            let second = try Database(address, log: .quiet)
            defer { second.close() }
            #expect(try await second.value("SELECT current_database()") == parts[2])
        }
    }

    @Test func `a host that accepts and then says nothing is given up`() async throws {
        let listener = try SilentServer()
        var limits = SessionLimits()
        limits.connect = .seconds(60)
        let database = try Database(
            DatabaseAddress("host=127.0.0.1 port=\(listener.port) user=u dbname=d sslmode=disable"),
            pool: pool(1, wait: .milliseconds(300)),
            session: limits,
            log: .quiet
        )
        defer { database.close() }
        let start = Instant.now
        await #expect(throws: StoreError.unavailable("no session was opened within 0.3 s")) {
            try await database.run("SELECT 1")
        }
        #expect(Instant.now - start < .seconds(30))
    }

    @Test func `a closed pool turns away and ends its sessions`() async throws {
        try await withTestDatabase { other in
            let database = try Database(other.address, application: "closing", log: .quiet)
            try await database.run("SELECT 1")
            database.close()
            await #expect(throws: StoreError.closed) { try await database.run("SELECT 1") }
            try await eventually("its session has ended") {
                try await other.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'closing' AND datname = current_database()"
                ) == 0
            }
        }
    }

    @Test func `a server that stops answering costs the statement its limit and no more`() async throws {
        var limits = SessionLimits()
        limits.statement = .milliseconds(200)
        limits.silence = .milliseconds(200)
        try await withTestDatabase(session: limits) { database in
            let backend: Int = try await database.value("SELECT pg_backend_pid()")
            kill(Int32(backend), SIGSTOP)
            defer { kill(Int32(backend), SIGCONT) }
            let start = Instant.now
            await #expect(throws: StoreError.outcomeUnknown("the server did not answer in time")) {
                try await database.run("SELECT 1")
            }
            #expect(Instant.now - start < .seconds(15))
            try await database.run("SELECT 1")
        }
    }
}

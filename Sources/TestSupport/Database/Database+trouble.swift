import Base
import Glibc
import Store

/// What tests do to a database that no service would.
extension Database {
    /// This database as `--database-url` takes it.
    package func url() async throws -> String {
        let (name, user, folder) = try await statement { transaction throws(StoreError) in
            try transaction.one(
                "SELECT current_database(), current_user, current_setting('unix_socket_directories')"
            ) { row throws(StoreError) in
                (try row.next(String.self), try row.next(String.self), try row.next(String.self))
            }
        }
        guard let given = getenv("FAULTPLANE_TEST_DATABASE_URL").map({ String(cString: $0) }) else {
            return "host='\(folder.filter { $0 != "\"" })' user='\(user)' dbname='\(name)'"
        }
        // What stands later counts, in both of libpq's notations.
        if !given.contains("://") { return given + " dbname='\(name)'" }
        return given + (given.contains("?") ? "&" : "?") + "dbname=\(name)"
    }

    /// Makes the schema look as if a later version had been here.
    package func schemaPretendNewer() async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute(
                """
                INSERT INTO schema_migrations (number, name, checksum, applied_at, binary_version)
                SELECT max(number) + 1, 'later', 'none', now(), 'tests' FROM schema_migrations
                """
            )
        }
    }

    /// Gives up every statement that writes more samples of telemetry than so many, as its time limit would.
    package func telemetryGiveUp(beyond number: Int) async throws {
        let function: Query = """
            CREATE FUNCTION too_long() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT count(*) FROM written) > TG_ARGV[0]::bigint THEN
                    RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = '57014';
                END IF;
                RETURN NULL;
            END $$
            """
        let trigger: Query = """
            CREATE TRIGGER too_long AFTER INSERT ON telemetry_samples REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION too_long(\(identifier: "\(number)"))
            """
        try await transaction { transaction throws(StoreError) in
            for query in [function, trigger] { try transaction.execute(query) }
        }
    }

    /// Keeps everybody from a table until `release` is called.
    package func withTableLocked<Result>(
        _ table: String,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await withLocked("LOCK TABLE \(identifier: table) IN ACCESS EXCLUSIVE MODE", body)
    }

    /// Keeps every node from looking at the guards that there are, as if all nodes were frozen, until `body` is over.
    package func withGuardsHeld<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await withLocked("SELECT FROM run_guards FOR UPDATE", body)
    }

    private func withLocked<Result>(
        _ lock: Query,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let state = Locked((isHeld: false, isReleased: false))
        let holder = Task {
            try await self.transaction(.standard) { transaction throws(StoreError) in
                _ = try transaction.execute(lock)
                state.withLock { $0.isHeld = true }
                state.announce()
                state.waitUntil {
                    $0.isReleased
                } then: { _ in
                }
            }
        }
        let outcome: Swift.Result<Result, any Error>
        guard state.wait(atMost: .seconds(20), until: { $0.isHeld }) else {
            try await holder.value
            throw StoreError.misuse("nothing was locked in time")
        }
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        state.withLock { $0.isReleased = true }
        state.announce()
        _ = try? await holder.value
        return try outcome.get()
    }
}

extension Database {
    /// Ends every session of this database and lets nobody begin a new one, as at its limit of connections.
    package func withNobodyLetIn(_ body: () async throws -> Void) async throws {
        let name = try await statement { transaction throws(StoreError) in
            try transaction.one("SELECT current_database()") { row throws(StoreError) in
                try row.next(String.self)
            }
        }
        let admin = try await TestCluster.shared.prepared().admin
        try await admin.databaseShut(name)
        do {
            try await body()
        } catch {
            try await admin.databaseOpen(name)
            throw error
        }
        try await admin.databaseOpen(name)
    }
}

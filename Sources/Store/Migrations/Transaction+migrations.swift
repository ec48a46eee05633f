import Base

extension Transaction {
    /// The number of the newest migration applied; 0 in a database that has none.
    package func schemaVersionRead() throws(StoreError) -> Int {
        do throws(StoreError) {
            return try one("SELECT coalesce(max(number), 0) FROM schema_migrations") {
                row throws(StoreError) in try row.next()
            }
        } catch  where error.sqlState == .undefinedTable {
            return 0
        }
    }

    /// Makes the book of applied migrations where there is none.
    func migrationBookPrepare() throws(StoreError) {
        try migrationLockTake()
        try execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number     integer     PRIMARY KEY CHECK (number > 0),
                name       text        NOT NULL,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL,
                binary_version text    NOT NULL
            )
            """
        )
    }

    /// Waits until no other node migrates; held to the end of the transaction.
    func migrationLockTake() throws(StoreError) {
        // An arbitrary number that means "migrating Faultplane" to every node on the database.
        _ = try one("SELECT pg_advisory_xact_lock(7304410921) IS NULL") {
            row throws(StoreError) in try row.next(Bool.self)
        }
    }

    func migrationsApplied() throws(StoreError) -> [MigrationPlan.Applied] {
        try all("SELECT number, name, checksum FROM schema_migrations ORDER BY number") {
            row throws(StoreError) in
            MigrationPlan.Applied(number: try row.next(), name: try row.next(), checksum: try row.next())
        }
    }

    func migrationRecord(_ migration: Migration, at now: Timestamp, binary: String) throws(StoreError) {
        try execute(
            """
            INSERT INTO schema_migrations (number, name, checksum, applied_at, binary_version)
            VALUES (\(migration.number), \(migration.name), \(migration.checksum), \(now), \(binary))
            """
        )
    }
}

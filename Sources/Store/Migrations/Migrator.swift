package import Base

/// Brings a database's schema up to this binary's, from whatever version it has.
///
/// Each migration is a transaction of its own, which first takes a lock that all nodes know and then reads what is left to
/// do: several nodes may start at once, and a migration that fails leaves nothing behind.
package struct Migrator: Sendable {
    private let migrations: [Migration]
    private let binary: String
    private let log: Logger
    private let timeLimit: Duration

    /// `binary` is the version that the database's book names for what it applied.
    package init(
        migrations: [Migration] = Migrator.embedded,
        binary: String,
        timeLimit: Duration = .seconds(600),
        log: Logger
    ) {
        self.migrations = migrations
        self.binary = binary
        self.timeLimit = timeLimit
        self.log = log
    }

    /// The migrations this binary was built with.
    package static var embedded: [Migration] { Migration.embedded }

    /// The schema that this binary reads and writes.
    package static var schemaVersion: Int { embedded.last?.number ?? 0 }

    /// Names the migrations as a whole; it changes when any of them does.
    package static var fingerprint: String {
        Hex.encode(Hash.sha256(Array(embedded.map(\.checksum).joined(separator: "\n").utf8)))
    }

    /// Applies what is missing; returns the numbers it applied.
    @discardableResult
    package func migrate(_ database: Database, at now: Timestamp) async throws(StoreError) -> [Int] {
        var options = TransactionOptions.standard
        options.timeLimit = timeLimit
        try await database.transaction(options) { transaction throws(StoreError) in
            try transaction.migrationBookPrepare()
        }
        var applied: [Int] = []
        while true {
            let next = try await database.transaction(options) { transaction throws(StoreError) in
                try applyNext(transaction, at: now)
            }
            guard let next else { return applied }
            applied.append(next.number)
            log.info(
                "migration applied",
                .field("migration.number", next.number),
                .field("migration.name", next.name)
            )
        }
    }

    /// Checks that the database has exactly this binary's schema, and changes nothing.
    package func verify(_ database: Database) async throws(StoreError) {
        let version = try await database.statement { transaction throws(StoreError) in
            try transaction.schemaVersionRead()
        }
        let applied = try await database.statement { transaction throws(StoreError) in
            version == 0 ? [] : try transaction.migrationsApplied()
        }
        let plan = try MigrationPlan(available: migrations, applied: applied)
        if let last = plan.pending.last {
            throw .schema(.older(database: version, binary: last.number))
        }
    }

    private func applyNext(
        _ transaction: borrowing Transaction,
        at now: Timestamp
    ) throws(StoreError) -> Migration? {
        try transaction.migrationLockTake()
        let applied = try transaction.migrationsApplied()
        guard let next = try MigrationPlan(available: migrations, applied: applied).pending.first else {
            return nil
        }
        try transaction.script(next.sql)
        try transaction.migrationRecord(next, at: now, binary: binary)
        return next
    }
}

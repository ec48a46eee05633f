import Base
import Store

extension Database {
    /// How many targets are held or waited for.
    package func targetsInUse() async throws -> Int {
        try await statement { transaction throws(StoreError) in
            try transaction.one(
                "SELECT (SELECT count(*) FROM target_holds) + (SELECT count(*) FROM target_waits)"
            ) { row throws(StoreError) in try row.next() }
        }
    }

    /// Since when a run holds its targets.
    package func holdsSince(_ experiment: String) async throws -> Timestamp {
        try await statement { transaction throws(StoreError) in
            try transaction.one("SELECT DISTINCT since FROM target_holds WHERE experiment = \(experiment)") {
                row throws(StoreError) in try row.next()
            }
        }
    }

    /// How many transactions of this database the server ended because they waited in a circle.
    package func deadlocks() async throws -> Int {
        try await statement { transaction throws(StoreError) in
            try transaction.one("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") {
                row throws(StoreError) in try row.next()
            }
        }
    }
}

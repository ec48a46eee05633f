package import Base

/// What a database says of itself.
package struct DatabaseExamination: Equatable, Sendable {
    /// As PostgreSQL counts: 150018 is 15.18.
    package var serverVersion: Int
    package var now: Timestamp
    /// The schema's number; 0 where nothing was migrated yet.
    package var schemaVersion: Int
    /// Whether a commit waits until it would survive a power cut.
    package var isDurable: Bool

    package init(serverVersion: Int, now: Timestamp, schemaVersion: Int, isDurable: Bool) {
        self.serverVersion = serverVersion
        self.now = now
        self.schemaVersion = schemaVersion
        self.isDurable = isDurable
    }
}

extension Database {
    /// Asks the server for its version, its clock, its schema and whether it keeps what it commits.
    package func examine() async throws(StoreError) -> DatabaseExamination {
        let schema = try await statement { transaction throws(StoreError) in
            try transaction.schemaVersionRead()
        }
        return try await statement { transaction throws(StoreError) in
            try transaction.one(
                """
                SELECT current_setting('server_version_num')::int, clock_timestamp(),
                       current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off'
                """
            ) { row throws(StoreError) in
                DatabaseExamination(
                    serverVersion: try row.next(),
                    now: try row.next(),
                    schemaVersion: schema,
                    isDurable: try row.next()
                )
            }
        }
    }
}

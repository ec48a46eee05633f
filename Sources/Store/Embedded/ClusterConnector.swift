import Base

/// The way into an embedded cluster.
struct ClusterConnector: Sendable {
    static let database = "faultplane"
    static let user = "faultplane"

    let layout: ClusterLayout
    let log: Logger

    func address(database: String) throws(StoreError) -> DatabaseAddress {
        try DatabaseAddress(socketFolder: layout.socketFolder, user: Self.user, database: database)
    }

    /// Waits until statements are taken and the database exists; gives up at once if the server ends.
    func waitUntilReady(
        _ postmaster: Postmaster,
        within limit: Duration,
        logEnd: BoundedLog
    ) throws(StoreError) {
        let deadline = Instant.now + limit
        let address = try address(database: "postgres")
        var pause = Backoff(first: .milliseconds(10), limit: .milliseconds(200))
        while true {
            do throws(StoreError) {
                return try prepareDatabase(address)
            } catch .unavailable {
                // Not yet. The server's own end is what the pause waits for.
            }
            guard Instant.now < deadline else { throw .cluster(.notReadyInTime(limit)) }
            if try hasEnded(postmaster, within: pause.next()) {
                _ = postmaster.process.reap()
                throw .cluster(.diedAtStart(log: logEnd.end))
            }
        }
    }

    private func prepareDatabase(_ address: DatabaseAddress) throws(StoreError) {
        let connection = try Connection.open(
            address,
            limits: SessionLimits(),
            application: "faultplane start",
            log: log
        )
        let rows = try connection.run("SELECT FROM pg_database WHERE datname = \(Self.database)")
        if rows.count == 0 {
            _ = try connection.run("CREATE DATABASE \(identifier: Self.database)", within: .seconds(60))
        }
    }

    private func hasEnded(_ postmaster: Postmaster, within limit: Duration) throws(StoreError) -> Bool {
        do throws(SystemError) {
            return try postmaster.process.wait(until: .now + limit)
        } catch {
            throw .system(error)
        }
    }
}

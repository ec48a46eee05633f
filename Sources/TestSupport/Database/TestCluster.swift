import Base
import Glibc
import Store

/// The PostgreSQL server that this test run uses: its own, started when the first test wants it, or one named by
/// `FAULTPLANE_TEST_DATABASE_URL`, whose user may create databases.
///
/// A server that cannot be had is an error of the test that wanted it.
package actor TestCluster {
    package static let shared = TestCluster()

    private var preparing: Task<Prepared, any Error>?

    /// A server with a migrated template on it.
    struct Prepared: Sendable {
        let address: DatabaseAddress
        let admin: Database
        let template: String
        /// Kept alive with the server, and empty where the server is not ours.
        let own: OwnCluster?
    }

    func prepared() async throws -> Prepared {
        if let preparing { return try await preparing.value }
        let task = Task { try await Self.prepare() }
        preparing = task
        return try await task.value
    }

    private static func prepare() async throws -> Prepared {
        let own = getenv("FAULTPLANE_TEST_DATABASE_URL") == nil ? try await OwnCluster() : nil
        let address =
            if let own { own.address } else {
                try DatabaseAddress(String(cString: getenv("FAULTPLANE_TEST_DATABASE_URL")))
            }
        let admin = try adminPool(address)
        return Prepared(
            address: address,
            admin: admin,
            template: try await makeTemplate(address, admin),
            own: own
        )
    }

    private static func adminPool(_ address: DatabaseAddress) throws -> Database {
        var pool = PoolLimits()
        pool.sessions = 4
        pool.wait = .seconds(60)
        var session = SessionLimits()
        session.statement = .seconds(60)
        return try Database(address, pool: pool, session: session, application: "tests", log: .quiet)
    }

    /// A database with every migration applied, named after them, made once per server.
    private static func makeTemplate(_ address: DatabaseAddress, _ admin: Database) async throws -> String {
        let template = "faultplane_template_" + Migrator.fingerprint.prefix(16)
        if try await admin.databaseExists(template) { return template }
        // Built under a name of its own, so that nobody copies half of it.
        let unfinished = "faultplane_building_" + Random.token(8, alphabet: Alphabets.lower)
        try await admin.databaseCreate(unfinished)
        let database = try Database(address.database(unfinished), pool: .patient, log: .quiet)
        try await Migrator(binary: "tests", log: .quiet).migrate(database, at: .now)
        database.close()
        do {
            try await admin.databaseRename(unfinished, to: template)
        } catch {
            try await admin.databaseDrop(unfinished)
            guard try await admin.databaseExists(template) else { throw error }
        }
        return template
    }
}

extension Logger {
    /// Says nothing.
    package static var quiet: Logger { Logger(sink: NoLog()) }
}

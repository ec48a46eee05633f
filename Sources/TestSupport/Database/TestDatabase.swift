import Base
import Store

/// Lends a migrated database that nobody else uses; it is gone afterwards.
@discardableResult
package func withTestDatabase<Result>(
    pool: PoolLimits = .patient,
    session: SessionLimits = SessionLimits(),
    log: Logger = .quiet,
    _ body: (Database) async throws -> Result
) async throws -> Result {
    let server = try await TestCluster.shared.prepared()
    return try await withDatabase(server, from: server.template, pool, session, log, body)
}

/// Lends a database with nothing in it, for tests of what makes it otherwise.
@discardableResult
package func withEmptyDatabase<Result>(
    log: Logger = .quiet,
    _ body: (Database) async throws -> Result
) async throws -> Result {
    let server = try await TestCluster.shared.prepared()
    return try await withDatabase(server, from: "template0", .patient, SessionLimits(), log, body)
}

private func withDatabase<Result>(
    _ server: TestCluster.Prepared,
    from template: String,
    _ pool: PoolLimits,
    _ session: SessionLimits,
    _ log: Logger,
    _ body: (Database) async throws -> Result
) async throws -> Result {
    let name = "faultplane_test_" + Random.token(10, alphabet: Alphabets.lower)
    try await server.admin.databaseCreate(name, from: template)
    let outcome: Swift.Result<Result, any Error>
    do {
        let database = try Database(server.address.database(name), pool: pool, session: session, log: log)
        defer { database.close() }
        outcome = .success(try await body(database))
    } catch {
        outcome = .failure(error)
    }
    try await server.admin.databaseDrop(name)
    return try outcome.get()
}

extension PoolLimits {
    /// For tests of something else: hundreds at once open their sessions late, and later still under a sanitizer.
    package static var patient: PoolLimits {
        var limits = PoolLimits()
        limits.wait = .seconds(30)
        return limits
    }
}

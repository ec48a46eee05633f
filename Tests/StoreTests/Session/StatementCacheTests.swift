import Base
import TestSupport
import Testing

@testable import Store

/// Statements that come again are planned once, and a session survives what it prepared being gone.
@Suite struct StatementCacheTests {
    private func prepared(_ database: Database) async throws -> Int {
        try await database.value("SELECT count(*) FROM pg_prepared_statements")
    }

    private func lend(_ body: (Database) async throws -> Void) async throws {
        var one = PoolLimits.patient
        one.sessions = 1
        try await withTestDatabase(pool: one, body)
    }

    @Test func `a statement is prepared when it comes again, and one without values never is`() async throws {
        try await lend { database in
            for number in 1...4 {
                #expect(try await database.value("SELECT \(number) + 1") == number + 1)
                let count = try await prepared(database)
                #expect(count == (number == 1 ? 0 : 1))
            }
        }
    }

    @Test(arguments: [true, false])
    func `what the server has forgotten is sent plainly, also inside a transaction`(
        isWhole: Bool
    ) async throws {
        try await lend { database in
            for _ in 1...2 { _ = try await database.value("SELECT \(1) + 1", as: Int.self) }
            // As a pooler does that hands the session another server process.
            try await database.run("DEALLOCATE ALL")
            let sum = try await database.transaction(isWhole ? .standard : .statement) {
                transaction throws(StoreError) in
                try transaction.one("SELECT \(1) + 1") { row throws(StoreError) in try row.next(Int.self) }
            }
            #expect(sum == 2)
            for _ in 1...3 { _ = try await database.value("SELECT \(1) + 1", as: Int.self) }
            #expect(try await prepared(database) == 0, "and no more is prepared in this session")
        }
    }
}

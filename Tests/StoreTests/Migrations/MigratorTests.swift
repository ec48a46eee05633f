import Base
import Store
import TestSupport
import Testing

@Suite struct MigratorTests {
    private static let steps = [
        Migration(number: 1, name: "one", sql: "CREATE TABLE one (n int); INSERT INTO one VALUES (1);"),
        Migration(number: 2, name: "two", sql: "CREATE TABLE two (n int)"),
    ]

    private func migrator(_ migrations: [Migration]) -> Migrator {
        Migrator(migrations: migrations, binary: "1.0", log: .quiet)
    }

    @Test func `this binary's migrations apply from empty, and the second time nothing is left to do`()
        async throws
    {
        try await withEmptyDatabase { database in
            let migrator = Migrator(binary: "1.0", log: .quiet)
            let all = Migrator.embedded.map(\.number)
            #expect(all == Array(1...Migrator.schemaVersion))
            #expect(try await migrator.migrate(database, at: Given.now) == all)
            #expect(try await migrator.migrate(database, at: Given.now) == [])
            try await migrator.verify(database)
        }
    }

    @Test func `the book says what was applied, when and by whom`() async throws {
        try await withEmptyDatabase { database in
            try await migrator(Self.steps).migrate(database, at: Given.now)
            let lines = try await database.statement { transaction throws(StoreError) in
                try transaction.all(
                    "SELECT concat_ws(' ', number, name, checksum, binary_version), applied_at FROM schema_migrations ORDER BY number"
                ) { row throws(StoreError) in (try row.next(String.self), try row.next(Timestamp.self)) }
            }
            #expect(lines.map(\.0) == Self.steps.map { "\($0.number) \($0.name) \($0.checksum) 1.0" })
            #expect(lines.map(\.1) == [Given.now, Given.now])
        }
    }

    @Test func `nodes that start at once apply each migration once`() async throws {
        try await withEmptyDatabase { database in
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<6 {
                    group.addTask { try await migrator(Self.steps).migrate(database, at: Given.now) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == [1, 2])
            #expect(try await database.value("SELECT count(*) FROM one") == 1)
        }
    }

    @Test func `an edited migration is refused by name`() async throws {
        try await withEmptyDatabase { database in
            try await migrator(Self.steps).migrate(database, at: Given.now)
            let edited = [Migration(number: 1, name: "one", sql: "CREATE TABLE uno (n int)"), Self.steps[1]]
            for attempt in [
                { _ = try await migrator(edited).migrate(database, at: Given.now) },
                { try await migrator(edited).verify(database) },
            ] {
                await #expect(throws: StoreError.schema(.edited(number: 1, name: "one"))) {
                    try await attempt()
                }
            }
        }
    }

    @Test func `a newer database is refused with both numbers`() async throws {
        try await withEmptyDatabase { database in
            try await migrator(Self.steps).migrate(database, at: Given.now)
            let older = migrator([Self.steps[0]])
            let error = await #expect(throws: StoreError.schema(.newer(database: 2, binary: 1))) {
                try await older.migrate(database, at: Given.now)
            }
            #expect(error?.description.contains("run the newer version that made it") == true)
        }
    }

    @Test func `a migration that the database passed by is refused`() async throws {
        try await withEmptyDatabase { database in
            try await migrator(Self.steps).migrate(database, at: Given.now)
            try await database.run("DELETE FROM schema_migrations WHERE number = 1")
            await #expect(throws: StoreError.schema(.skipped(number: 1, name: "one"))) {
                try await migrator(Self.steps).migrate(database, at: Given.now)
            }
        }
    }

    @Test func `an older database is told apart without being touched`() async throws {
        try await withEmptyDatabase { database in
            await #expect(throws: StoreError.schema(.older(database: 0, binary: 2))) {
                try await migrator(Self.steps).verify(database)
            }
            let isUntouched: Bool = try await database.value(
                "SELECT to_regclass('schema_migrations') IS NULL"
            )
            #expect(isUntouched)
        }
    }

    @Test func `a migration that fails leaves nothing, and those before it stay`() async throws {
        try await withEmptyDatabase { database in
            let broken = Migration(number: 3, name: "three", sql: "CREATE TABLE three (n int); SELECT 1/0;")
            let error = await #expect(throws: StoreError.self) {
                try await migrator(Self.steps + [broken]).migrate(database, at: Given.now)
            }
            #expect(error?.sqlState == SQLState("22012"))
            let left: String = try await database.value(
                "SELECT concat_ws(' ', to_regclass('one'), to_regclass('two'), to_regclass('three'), max(number)) FROM schema_migrations"
            )
            #expect(left == "one two 2")
        }
    }

    @Test func `the schema's version is a number also where there is none`() async throws {
        try await withEmptyDatabase { database in
            let read: @Sendable (borrowing Transaction) throws(StoreError) -> Int = {
                transaction throws(StoreError) in
                try transaction.schemaVersionRead()
            }
            #expect(try await database.statement(read) == 0)
            try await migrator(Self.steps).migrate(database, at: Given.now)
            #expect(try await database.statement(read) == 2)
        }
    }
}

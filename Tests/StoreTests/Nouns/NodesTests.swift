import Base
import Store
import TestSupport
import Testing

@Suite struct NodesTests {
    private func pulse(_ database: Database, _ node: String) async throws -> Pulse {
        let beat = Heartbeat(
            node: node,
            startedAt: Given.now,
            advertise: "http://\(node).test",
            schemaVersion: Migrator.schemaVersion
        )
        return try await database.statement { transaction throws(StoreError) in
            try transaction.nodePulse(beat, freshFor: .seconds(15), lostWithin: .seconds(960))
        }
    }

    @Test func `a node that was lost lately is noticed, and one that is long gone is not`() async throws {
        try await Given.populated { database in
            _ = try await pulse(database, "a")
            #expect(try await pulse(database, "b").lostAge == nil)
            try await database.run("UPDATE nodes SET beat_at = beat_at - interval '20 s' WHERE id = 'a'")
            let age = try #require(try await pulse(database, "b").lostAge)
            #expect(age >= .seconds(20) && age < .seconds(80))
            try await database.run("UPDATE nodes SET beat_at = beat_at - interval '16 min' WHERE id = 'a'")
            #expect(try await pulse(database, "b").lostAge == nil)
        }
    }

    @Test func `a heartbeat is counted, and answers what a node watches`() async throws {
        try await Given.populated { database in
            let change = try await database.deploymentKeysRead().change
            let first = try await pulse(database, "a")
            #expect(first.beat == 1)
            #expect(first.newestBeatBefore == nil)
            #expect(first.schemaVersion == Migrator.schemaVersion)
            #expect(first.identityChange == change)
            #expect(first.others.isEmpty)
            let second = try await pulse(database, "a")
            #expect(second.beat == 2)
            #expect(second.newestBeatBefore == first.databaseTime)
            #expect(second.databaseTime > first.databaseTime)
        }
    }

    @Test func `nodes count each other while their beats are fresh`() async throws {
        try await Given.populated { database in
            _ = try await pulse(database, "a")
            #expect(try await pulse(database, "b").others == [OtherNode(id: "a", advertise: "http://a.test")])
            try await database.run("UPDATE nodes SET beat_at = beat_at - interval '20 s' WHERE id = 'a'")
            #expect(try await pulse(database, "b").others.isEmpty)
            let fresh = try await database.statement { transaction throws(StoreError) in
                try transaction.nodeList(freshFor: .seconds(15))
            }
            #expect(fresh.map(\.id) == ["b"])
            #expect(fresh.first?.advertise == "http://b.test")
            #expect(fresh.first?.startedAt == Given.now)
            #expect(fresh.first?.beat == 2)
        }
    }

    @Test func `a clock that ran back shows in the pulse`() async throws {
        try await Given.populated { database in
            _ = try await pulse(database, "a")
            try await database.run("UPDATE nodes SET beat_at = beat_at + interval '1 h'")
            let pulse = try await pulse(database, "b")
            #expect(try #require(pulse.newestBeatBefore) > pulse.databaseTime)
        }
    }

    @Test func `a newer schema shows in the pulse`() async throws {
        try await Given.populated { database in
            let next = Migrator.schemaVersion + 1
            try await database.run(
                "INSERT INTO schema_migrations VALUES (\(next), 'next', '', \(Given.now), 'later')"
            )
            #expect(try await pulse(database, "a").schemaVersion == next)
        }
    }
}

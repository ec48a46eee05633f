import Base
import Store
import TestSupport
import Testing

/// What nodes count of instances, written over and over and added up.
@Suite struct CoverageTests {
    private static func counted(_ change: (inout FaultCoverage) -> Void) -> FaultCoverage {
        var row = FaultCoverage(
            experiment: Runs.id,
            action: "Delay",
            account: Given.first,
            target: Runs.target
        )
        change(&row)
        return row
    }

    private func write(
        _ database: Database,
        _ node: String,
        _ change: (inout FaultCoverage) -> Void
    ) async throws {
        let row = Self.counted(change)
        try await database.statement { transaction throws(StoreError) in
            try transaction.coverageWrite([row], node: node, at: Given.now)
        }
    }

    private func sum(_ database: Database) async throws -> CoverageSum? {
        try await database.statement { transaction throws(StoreError) in
            try transaction.coverageSums(of: [Runs.id], freshFor: .seconds(15)).first
        }
    }

    private func beat(_ database: Database, _ node: String) async throws {
        let beat = Heartbeat(node: node, startedAt: Given.now, advertise: "a", schemaVersion: 1)
        _ = try await database.statement { transaction throws(StoreError) in
            try transaction.nodePulse(beat, freshFor: .seconds(15))
        }
    }

    @Test func `nodes are added up, and one that is gone counts for what was`() async throws {
        try await withRun { database, run in
            #expect(run.id == Runs.id)
            for node in ["a", "b"] { try await beat(database, node) }
            try await write(database, "a") { ($0.seen, $0.holding, $0.held) = (3, 2, 2) }
            try await write(database, "b") {
                ($0.seen, $0.holding, $0.held, $0.cleared, $0.off) = (4, 1, 4, 2, 1)
            }
            let both = try #require(try await sum(database))
            #expect((both.seen, both.holding, both.held, both.cleared) == (7, 3, 6, 3))
            try await database.run("UPDATE nodes SET beat_at = beat_at - interval '16 s' WHERE id = 'b'")
            let one = try #require(try await sum(database))
            #expect((one.seen, one.holding, one.held, one.cleared) == (3, 2, 6, 3))
        }
    }

    @Test func `what was held stays so, and whose lease ended may come back`() async throws {
        try await withRun { database, _ in
            try await beat(database, "a")
            try await write(database, "a") { ($0.seen, $0.held, $0.off) = (2, 2, 2) }
            try await write(database, "a") { ($0.seen, $0.holding, $0.held) = (2, 2, 2) }
            #expect(try await sum(database)?.cleared == 0)
            try await write(database, "a") { ($0.seen, $0.held, $0.cleared) = (2, 2, 2) }
            // The node was started again and remembers nobody.
            try await write(database, "a") { $0.seen = 1 }
            let left = try #require(try await sum(database))
            #expect(left.held == 2 && left.cleared == 2 && left.holding == 0)
        }
    }

    @Test func `a run's rows come back as they were, to its own account, and go with it`() async throws {
        try await withRun { database, _ in
            try await write(database, "a") { row in
                (row.seen, row.rejecting, row.silent) = (3, 1, 1)
                row.reasons = ["too much": 1]
                row.silentNames = ["i-1": 12.0]
                row.firstHeldAt = Given.now
            }
            let list: @Sendable (AccountID) async throws -> [FaultCoverage] = { account in
                try await database.statement { transaction throws(StoreError) in
                    try transaction.coverageList(Given.context(account), experiment: Runs.id)
                }.map(\.coverage)
            }
            let found = try #require(try await list(Given.first).first)
            #expect(found.reasons == ["too much": 1] && found.silentNames == ["i-1": 12.0])
            #expect(found.firstHeldAt == Given.now && found.lastHeldAt == nil && found.rejecting == 1)
            #expect(try await list(Given.second).isEmpty)
            let end = ExperimentStep(state: Runs.state("stopped", ended: Given.now))
            let run = try #require(try await database.experiment())
            #expect(try await database.advance(run, end))
            let forgotten = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentForget(endedBefore: Given.now + .seconds(1), limit: 10)
            }
            #expect(forgotten == 1)
            #expect(try await list(Given.first).isEmpty)
        }
    }

    @Test func `a run that is not there is counted for nobody`() async throws {
        try await Given.populated { database in
            try await write(database, "a") { $0.seen = 1 }
            #expect(try await sum(database) == nil)
        }
    }
}

import Base
import Store
import TestSupport
import Testing

/// Guards as the database keeps them: who looks, what is kept of it, and what ends with the run.
@Suite struct GuardsTests {
    private static let pace = Duration.seconds(3)

    /// Lends a run with guards of these names.
    private static func lend(
        _ names: [String] = ["stop-conditions"],
        _ body: (Database, Experiment) async throws -> Void
    ) async throws {
        try await withRun { database, run in
            let step = ExperimentStep(state: Runs.state(), watched: names)
            #expect(try await database.advance(run, step))
            try await body(database, try #require(try await database.experiment()))
        }
    }

    private static func claim(_ database: Database, limit: Int = 10) async throws -> [GuardClaim] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.guardClaim(pace: pace, limit: limit)
        }
    }

    private static func keep(_ database: Database, _ looks: [GuardLook]) async throws -> Set<GuardKey> {
        try await database.statement { transaction throws(StoreError) in try transaction.guardKeep(looks) }
    }

    private static func list(_ database: Database) async throws -> [RunGuard] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.guardList(Given.context(), experiment: Runs.id)
        }
    }

    private static func makeDue(_ database: Database) async throws {
        try await database.run("UPDATE run_guards SET due_at = clock_timestamp() WHERE due_at IS NOT NULL")
    }

    private static func terms(_ database: Database) async throws -> [String: Duration] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.documentChanges(since: .start).guards.left
        }
    }

    @Test func `a guard is looked at by one at a time, and again after its pace`() async throws {
        try await Self.lend { database, _ in
            let first = try #require(try await Self.claim(database).first)
            #expect(first.duty.experiment == Runs.id && first.duty.name == "stop-conditions")
            #expect(first.duty.round == 1 && first.duty.guardedUntil == nil && first.isLapsed)
            #expect(first.duty.dueAt == first.at + Self.pace)
            #expect(try await Self.claim(database) == [])
            try await Self.makeDue(database)
            #expect(try await Self.claim(database).map(\.duty.round) == [2])
        }
    }

    @Test func `one that another clock made due far ahead is due`() async throws {
        try await Self.lend { database, _ in
            try await database.run("UPDATE run_guards SET due_at = clock_timestamp() + interval '7 s'")
            #expect(try await Self.claim(database).count == 1)
            try await database.run("UPDATE run_guards SET due_at = clock_timestamp() + interval '5 s'")
            #expect(try await Self.claim(database) == [])
        }
    }

    @Test func `what was found is kept with each look, and the guard holds for as long as it says`()
        async throws
    {
        try await Self.lend { database, _ in
            #expect(try await Self.terms(database) == [:])
            let claim = try #require(try await Self.claim(database).first)
            let until = claim.at + .seconds(15)
            let look = GuardLook(
                claim,
                state: ["n": 1],
                readings: [["verdict": "clear"]],
                guardedUntil: until
            )
            #expect(try await Self.keep(database, [look]) == [claim.duty.key])
            let kept = try #require(try await Self.list(database).first)
            #expect(kept.state == ["n": 1] && kept.guardedUntil == until)
            let left = try #require(try await Self.terms(database)[Runs.id])
            #expect(left > .seconds(5) && left <= .seconds(15))
            let looks = try await database.statement { transaction throws(StoreError) in
                try transaction.guardEvaluationList(
                    Given.context(),
                    experiment: Runs.id,
                    name: nil,
                    before: nil,
                    limit: 10
                )
            }
            #expect(looks.map(\.round) == [1] && looks.map(\.readings) == [[["verdict": "clear"]]])
            #expect(looks.map(\.at) == [claim.at])
        }
    }

    @Test func `what was found before something newer was kept is not kept any more`() async throws {
        try await Self.lend { database, _ in
            let early = try #require(try await Self.claim(database).first)
            try await Self.makeDue(database)
            let late = try #require(try await Self.claim(database).first)
            func look(_ claim: GuardClaim, _ number: Int64) -> GuardLook {
                GuardLook(
                    claim,
                    state: ["n": .integer(number)],
                    readings: [],
                    guardedUntil: claim.at + Self.pace
                )
            }
            // Overtaken, but by nothing that was kept: looks that come thick and fast must not all be lost.
            #expect(try await Self.keep(database, [look(early, 1)]) == [early.duty.key])
            #expect(try await Self.keep(database, [look(late, 2)]) == [late.duty.key])
            #expect(try await Self.keep(database, [look(early, 3)]) == [])
            let kept = try #require(try await Self.list(database).first)
            #expect(kept.state == ["n": 2] && kept.guardedUntil == late.at + Self.pace)
        }
    }

    @Test func `one that is over is not looked at any more`() async throws {
        try await Self.lend(["action/Check"]) { database, _ in
            let claim = try #require(try await Self.claim(database).first)
            _ = try await Self.keep(database, [GuardLook(claim, state: [:], readings: [], isOver: true)])
            #expect(try await Self.list(database).first?.dueAt == nil)
            try await Self.makeDue(database)
            #expect(try await Self.claim(database) == [])
        }
    }

    @Test func `with the run its guards end, and the hypothesis is looked at once more at once`() async throws
    {
        try await Self.lend(["stop-conditions", "hypothesis", "action/Check"]) { database, run in
            _ = try await Self.claim(database)
            let end = ExperimentStep(state: Runs.state("stopped", ended: Given.now))
            #expect(try await database.advance(run, end))
            #expect(try await Self.claim(database).map(\.duty.name) == ["hypothesis"])
            #expect(
                try await Self.list(database).map(\.name) == [
                    "stop-conditions", "action/Check", "hypothesis",
                ]
            )
            #expect(try await Self.terms(database) == [:])
        }
    }

    @Test func `faults of a guarded run say so in the document, others do not`() async throws {
        try await Self.lend { database, run in
            let step = ExperimentStep(state: Runs.state(), published: [Runs.fault()])
            _ = try await database.advance(run, step)
            let document = try await database.document()
            #expect(document.faults == [[.null, ["id": "Delay"], true]])
        }
        try await Self.lend(["hypothesis"]) { database, run in
            let step = ExperimentStep(state: Runs.state(), published: [Runs.fault()])
            _ = try await database.advance(run, step)
            let document = try await database.document()
            #expect(document.faults == [[.null, ["id": "Delay"]]])
        }
    }

    @Test func `nobody publishes faults of a guarded run as if it were not`() async throws {
        try await Self.lend { database, _ in
            // As a node of an older version does, which knows of no guards.
            let error = await #expect(throws: StoreError.self) {
                try await database.run(
                    """
                    INSERT INTO faults (experiment, action, account, target, epoch, not_before, not_after, fault)
                    SELECT id, 'Delay', account, \(Runs.target), epoch, now(), now(), '{}' FROM experiments
                    """
                )
            }
            #expect(error != nil)
            let document = try await database.document()
            #expect(document.faults == [])
        }
    }

    @Test func `an account's guards can be looked at at once, and another's cannot be seen`() async throws {
        try await Self.lend { database, _ in
            func hurry(_ account: AccountID) async throws -> Int {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.guardHurry(of: account)
                }
            }
            let claim = try #require(try await Self.claim(database).first)
            #expect(try await hurry(Given.second) == 0)
            #expect(try await hurry(Given.first) == 1)
            // Not at once: it was looked at just now.
            #expect(try await Self.list(database).first?.dueAt == claim.at + .seconds(1))
            #expect(try await hurry(Given.first) == 0)
            try await database.run(
                "UPDATE run_guards SET due_at = clock_timestamp() + interval '2 s', looked_at = looked_at - interval '1 s'"
            )
            #expect(try await hurry(Given.first) == 1)
            #expect(try await Self.claim(database).count == 1)
            let others = try await database.statement { transaction throws(StoreError) in
                try transaction.guardList(Given.context(Given.second), experiment: Runs.id)
            }
            #expect(others == [])
        }
    }

    @Test func `with a run its guards and all that was found are forgotten`() async throws {
        try await Self.lend { database, run in
            let claim = try #require(try await Self.claim(database).first)
            _ = try await Self.keep(database, [GuardLook(claim, state: [:], readings: [])])
            #expect(
                try await database.advance(
                    run,
                    ExperimentStep(state: Runs.state("stopped", ended: Given.now))
                )
            )
            _ = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentForget(endedBefore: Given.now + .seconds(1), limit: 10)
            }
            let left: Int = try await database.value(
                "SELECT (SELECT count(*) FROM run_guards) + (SELECT count(*) FROM guard_evaluations)"
            )
            #expect(left == 0)
        }
    }
}

import Base
import Store
import TestSupport
import Testing

/// Who has a target, who is kept from it, and who is next.
@Suite struct TargetHoldsTests {
    /// A run with that number, which does that about its targets.
    private static func run(_ number: Int, _ use: TargetUse, waits: Bool = false) -> NewExperiment {
        var new = Runs.new(Runs.id(number), token: "\(number)")
        new.step.use = use
        new.step.state.status = waits ? "pending" : "running"
        return new
    }

    private static func hold(
        _ targets: [String],
        isExclusive: Bool,
        turn: TargetUse.Turn = .atOnce
    ) -> TargetUse {
        .hold(.init(targets, isExclusive: isExclusive, turn: turn))
    }

    private static func alone(_ targets: String...) -> TargetUse { hold(targets, isExclusive: true) }
    private static func beside(_ targets: String...) -> TargetUse { hold(targets, isExclusive: false) }

    /// Lends a database with a template.
    private static func lend(_ body: (Database) async throws -> Void) async throws {
        try await Given.populated { database in
            try await database.makeTemplate()
            try await body(database)
        }
    }

    private static let started = StartOutcome.started(accountConfigurations: [])

    @Test func `what is held alone is held by one, and the other is told who it is`() async throws {
        try await Self.lend { database in
            #expect(try await database.start(Self.run(1, Self.alone("a", "b"))) == Self.started)
            let outcome = try await database.start(Self.run(2, Self.alone("c", "b")))
            guard case .held(let holders) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(holders.map(\.target) == ["b"] && holders.map(\.experiment) == [Runs.id(1)])
            #expect(holders.map(\.template) == [Runs.template] && holders.allSatisfy(\.isInTheWay))
            let since: Timestamp = try await database.value("SELECT max(since) FROM target_holds")
            #expect(holders.first?.since == since)
            #expect(try await database.experiment(Runs.id(2)) == nil)
            #expect(try await database.holds() == ["1 alone a", "1 alone b"])
            #expect(
                try await database.value(
                    "SELECT count(*) FROM audit_events WHERE action = 'experiment.started'"
                ) == 1
            )
            #expect(try await database.start(Self.run(3, Self.alone("c"))) == Self.started)
        }
    }

    @Test func `those who share see each other, and none comes between them and one that wants it alone`()
        async throws
    {
        try await Self.lend { database in
            #expect(try await database.start(Self.run(1, Self.beside("a"))) == Self.started)
            let second = try await database.start(Self.run(2, Self.beside("a", "b")))
            guard case .started(_, let others) = second else { return #expect(Bool(false), "\(second)") }
            #expect(others.map(\.experiment) == [Runs.id(1)] && others.map(\.isInTheWay) == [false])
            for use in [Self.alone("a"), Self.alone("b", "c")] {
                guard case .held = try await database.start(Self.run(3, use)) else {
                    return #expect(Bool(false), "\(use)")
                }
            }
            #expect(try await database.start(Self.run(4, Self.alone("c"))) == Self.started)
            guard case .held(let holders) = try await database.start(Self.run(5, Self.beside("b", "c")))
            else {
                return #expect(Bool(false))
            }
            #expect(holders.map(\.experiment) == [Runs.id(4)], "only who is in the way is named")
            #expect(
                try await database.holds() == ["1 beside a", "2 beside a", "2 beside b", "4 alone c"]
            )
        }
    }

    @Test func `another account's runs are in nobody's way and are not named`() async throws {
        try await Self.lend { database in
            try await database.hold(account: Given.second, "a", "EXPother", isExclusive: true)
            #expect(try await database.start(Self.run(1, Self.alone("a"))) == Self.started)
            #expect(try await database.start(Self.run(2, .wait(["a"]), waits: true)) == Self.started)
            let standing = try await database.standing(of: Runs.id(2))
            #expect(standing?.holders == [Runs.id(1)] && standing?.place == 1)
            let foreign = try await database.statement { transaction throws(StoreError) in
                try transaction.queueRead(Given.context(Given.second), experiment: Runs.id(2))
            }
            #expect(foreign == nil)
        }
    }

    struct ByHand: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let first: Bool
        let second: Bool
        let state: SQLState?
    }

    @Test(
        "rows that are written by hand are held to the same",
        arguments: [
            ByHand(testDescription: "alone, then alone", first: true, second: true, state: .uniqueViolation),
            ByHand(
                testDescription: "alone, then beside",
                first: true,
                second: false,
                state: SQLState("23P01")
            ),
            ByHand(
                testDescription: "beside, then alone",
                first: false,
                second: true,
                state: SQLState("23P01")
            ),
            ByHand(testDescription: "beside, then beside", first: false, second: false, state: nil),
        ]
    )
    func byHand(_ row: ByHand) async throws {
        try await Self.lend { database in
            try await database.hold("a", "EXP1", isExclusive: row.first)
            do throws(StoreError) {
                try await database.hold("a", "EXP2", isExclusive: row.second)
                #expect(row.state == nil)
            } catch {
                #expect(error.sqlState == row.state)
            }
            try await database.hold("b", "EXP2", isExclusive: true)
        }
    }

    @Test func `rows written by hand at the same moment are held to it too`() async throws {
        try await Self.lend { database in
            let (isWritten, mayCommit) = (Locked(false), Locked(false))
            async let slow: Void = database.transaction { transaction throws(StoreError) in
                try transaction.execute(
                    """
                    INSERT INTO target_holds (account, target, experiment, is_exclusive, since)
                    VALUES (\(Given.first), 'a', 'EXP1', false, \(Given.now))
                    """
                )
                isWritten.withLock { $0 = true }
                isWritten.announce()
                _ = mayCommit.wait(atMost: .seconds(20)) { $0 }
            }
            try await onThread { _ = isWritten.wait(atMost: .seconds(20)) { $0 } }
            async let second: SQLState? = {
                do throws(StoreError) {
                    try await database.hold("a", "EXP2", isExclusive: true)
                    return nil
                } catch {
                    return error.sqlState
                }
            }()
            let isWaiting = try await holds(within: .seconds(20)) {
                try await database.value(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                ) == 1
            }
            #expect(isWaiting)
            mayCommit.withLock { $0 = true }
            mayCommit.announce()
            try await slow
            #expect(await second == SQLState("23P01"))
        }
    }

    @Test func `a transaction that could not see the others may not take a target`() async throws {
        try await Self.lend { database in
            var options = TransactionOptions.standard
            options.isolation = .repeatableRead
            let error = await #expect(throws: StoreError.self) {
                try await database.transaction(options) { transaction throws(StoreError) in
                    try transaction.execute(
                        "INSERT INTO target_holds VALUES (\(Given.first), 'a', 'EXP1', false, \(Given.now))"
                    )
                }
            }
            #expect(error?.sqlState?.description == "P0001")
        }
    }

    @Test func `a hold is not changed, only let go`() async throws {
        try await Self.lend { database in
            try await database.hold("a", "EXP1", isExclusive: false)
            for query: Query in ["UPDATE target_holds SET is_exclusive = true", "TRUNCATE target_holds"] {
                let error = await #expect(throws: StoreError.self) { try await database.run(query) }
                #expect(error?.sqlState?.description == "P0001")
            }
            #expect(try await database.holds() == ["1 beside a"])
        }
    }

    @Test func `whoever ends a run, and however, lets go of its targets`() async throws {
        try await Self.lend { database in
            #expect(try await database.start(Self.run(1, Self.alone("a"))) == Self.started)
            let run = try #require(try await database.experiment(Runs.id(1)))
            #expect(try await database.advance(run, ExperimentStep(state: Runs.state("stopping"))))
            #expect(try await database.holds() == ["1 alone a"], "it has not ended")
            let stopping = try #require(try await database.experiment(Runs.id(1)))
            let end = ExperimentStep(state: Runs.state("stopped", ended: Given.now))
            #expect(try await database.advance(stopping, end))
            #expect(try await database.holds() == [])
            #expect(try await database.start(Self.run(2, Self.alone("a"))) == Self.started)
            try await database.run(
                "UPDATE experiments SET status = 'failed', ended_at = now(), next_due = NULL WHERE ended_at IS NULL"
            )
            #expect(try await database.holds() == [], "by hand, or by a version that knows nothing of holds")
            #expect(try await database.start(Self.run(3, Self.alone("a"))) == Self.started)
            try await database.run("DELETE FROM experiments WHERE ended_at IS NULL")
            #expect(try await database.holds() == [])
        }
    }

    @Test func `those who wait come in the order of their tickets, each when its targets are free`()
        async throws
    {
        try await Self.lend { database in
            #expect(try await database.start(Self.run(1, Self.alone("a", "b"))) == Self.started)
            for (number, targets) in [(2, ["a", "c"]), (3, ["c"]), (4, ["b"]), (5, ["d"])] {
                #expect(
                    try await database.start(Self.run(number, .wait(targets), waits: true)) == Self.started
                )
            }
            #expect(try await database.ready() == [Runs.id(5)], "the others' targets are held or waited for")
            let standing = try #require(try await database.standing(of: Runs.id(3)))
            #expect(standing.place == 2 && standing.holders == [])
            #expect(standing.inTheWay.map(\.experiment) == [Runs.id(2)])
            #expect(try await database.standing(of: Runs.id(2))?.holders == [Runs.id(1)])
            #expect(try await database.begin(3, Self.hold(["c"], isExclusive: true, turn: .own)) == false)
            // One that asks now is behind all of them, and one that shares waits for nobody.
            let late = Self.hold(["c"], isExclusive: true, turn: .last)
            guard case .held(let waiting) = try await database.start(Self.run(6, late)) else {
                return #expect(Bool(false))
            }
            #expect(
                waiting.map(\.experiment) == [Runs.id(2), Runs.id(3)] && waiting.map(\.since) == [nil, nil]
            )
            #expect(try await database.start(Self.run(7, Self.beside("d"))) == Self.started)
            #expect(try await database.ready() == [])
            try await database.end(1)
            #expect(try await database.ready() == [Runs.id(2), Runs.id(4)])
            let next = try #require(try await database.experiment(Runs.id(2)))
            let promotion = ExperimentStep(
                state: Runs.state("running"),
                use: Self.hold(["a", "c"], isExclusive: true, turn: .own)
            )
            #expect(try await database.advance(next, promotion))
            #expect(try await database.advance(next, promotion) == false, "another node was faster")
            #expect(try await database.ready() == [Runs.id(4)])
            #expect(try await database.standing(of: Runs.id(3))?.place == 1)
            #expect(try await database.standing(of: Runs.id(2)) == nil)
            try await database.end(2)
            #expect(try await database.begin(3, Self.hold(["c"], isExclusive: true, turn: .own)))
        }
    }

    @Test func `one that waits and is stopped or cancelled leaves the line`() async throws {
        try await Self.lend { database in
            #expect(try await database.start(Self.run(1, Self.alone("a"))) == Self.started)
            for number in 2...4 {
                #expect(try await database.start(Self.run(number, .wait(["a"]), waits: true)) == Self.started)
            }
            #expect(try await database.standing(of: Runs.id(4))?.place == 3)
            let run = try #require(try await database.experiment(Runs.id(2)))
            #expect(try await database.advance(run, ExperimentStep(state: Runs.state("stopping"))))
            #expect(try await database.standing(of: Runs.id(4))?.place == 2)
            try await database.end(3, as: "cancelled")
            #expect(try await database.standing(of: Runs.id(4))?.place == 1)
            #expect(try await database.holds() == ["1 alone a"])
        }
    }

    @Test func `a thousand targets take no more locks than there are buckets`() async throws {
        try await Self.lend { database in
            let many = (1...3_000).map { "arn:aws:lambda:us-east-1:000000000000:function:f\($0)" }
            let locks = try await database.transaction { transaction throws(StoreError) in
                _ = try transaction.experimentStart(
                    Given.context(),
                    Self.run(1, Self.hold(many, isExclusive: true)),
                    quota: nil
                )
                return try transaction.one(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                ) { row throws(StoreError) in try row.next(Int.self) }
            }
            // And the lever's.
            #expect((900...1_025).contains(locks), "\(locks)")
            #expect(try await database.value("SELECT count(*) FROM target_holds") == 3_000)
        }
    }

    @Test func `a promotion begins nothing once the lever was engaged`() async throws {
        try await Self.lend { database in
            #expect(try await database.start(Self.run(1, .wait(["a"]), waits: true)) == Self.started)
            _ = try await database.engage()
            #expect(try await database.begin(1, Self.hold(["a"], isExclusive: true, turn: .own)) == false)
            #expect(try await database.holds() == [])
        }
    }
}

extension Database {
    /// As in `1 alone a`.
    fileprivate func holds() async throws -> [String] {
        try await statement { transaction throws(StoreError) in
            try transaction.all(
                """
                SELECT trim(LEADING '0' FROM substr(experiment, 4)), is_exclusive, target FROM target_holds
                ORDER BY experiment, target
                """
            ) { row throws(StoreError) in
                let (experiment, isExclusive) = (try row.next(String.self), try row.next(Bool.self))
                return "\(experiment) \(isExclusive ? "alone" : "beside") \(try row.next(String.self))"
            }
        }
    }

    fileprivate func hold(
        account: AccountID = Given.first,
        _ target: String,
        _ experiment: String,
        isExclusive: Bool
    ) async throws(StoreError) {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute(
                """
                INSERT INTO target_holds (account, target, experiment, is_exclusive, since)
                VALUES (\(account), \(target), \(experiment), \(isExclusive), \(Given.now))
                """
            )
        }
    }

    fileprivate func standing(of experiment: String) async throws -> QueueStanding? {
        try await statement { transaction throws(StoreError) in
            try transaction.queueRead(Given.context(), experiment: experiment)
        }
    }

    fileprivate func ready() async throws -> [String] {
        try await statement { transaction throws(StoreError) in
            try transaction.queueListReady(limit: 10).map(\.id)
        }
    }

    /// Has a run that waits begin; false where it may not.
    fileprivate func begin(_ number: Int, _ use: TargetUse) async throws -> Bool {
        let run = try #require(try await experiment(Runs.id(number)))
        return try await advance(run, ExperimentStep(state: Runs.state("running"), use: use))
    }

    fileprivate func end(_ number: Int, as status: String = "completed") async throws {
        let run = try #require(try await experiment(Runs.id(number)))
        #expect(try await advance(run, ExperimentStep(state: Runs.state(status, ended: Given.now))))
    }
}

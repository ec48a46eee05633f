import Base
import Store
import TestSupport
import Testing

@Suite struct ExperimentsTests {
    private static let configuration: JSON = [
        "accountId": "222222222222", "roleArn": "arn:aws:iam::222222222222:role/chaos", "description": .null,
    ]

    @Test func `a run is made with its first event, its audit row and a copy of the accounts' roles`()
        async throws
    {
        try await Given.populated { database in
            try await database.makeTemplate()
            try await database.run(
                """
                INSERT INTO target_account_configurations (template, account_id, role_arn, request_digest, created_at)
                VALUES (\(Runs.template), '222222222222', 'arn:aws:iam::222222222222:role/chaos',
                        \([UInt8](repeating: 0, count: 32)), \(Given.now))
                """
            )
            #expect(try await database.start() == .started(accountConfigurations: [Self.configuration]))
            let made = try #require(try await database.experiment())
            #expect(made.id == Runs.id && made.account == Given.first && made.template == Runs.template)
            #expect(made.status == "pending" && made.epoch == 1 && made.revision == 1 && made.eventCount == 1)
            #expect(made.tags == ["team": "payments"] && made.run == ["status": "pending"])
            #expect(made.createdAt == Given.now && made.endedAt == nil)
            #expect(made.eventHead == Runs.event(1).digest)
            #expect(
                made.accountConfigurations == [Self.configuration]
            )
            let events = try await database.statement { transaction throws(StoreError) in
                try transaction.eventList(of: made, after: 0, limit: 10)
            }
            #expect(events.map(\.number) == [1] && events.map(\.payload) == [["to": "pending"]])
            #expect(events.map(\.digest) == [Runs.event(1).digest])
            let audited = try await database.statement { transaction throws(StoreError) in
                try transaction.auditList(Given.context(), limit: 1)
            }
            #expect(audited.map(\.action) == ["experiment.started"] && audited.map(\.subject) == [Runs.id])
            #expect(audited.map(\.details) == [["template": .string(Runs.template)]])
        }
    }

    @Test func `a start from what is no longer true makes nothing`() async throws {
        try await Given.populated { database in
            try await database.makeTemplate()
            #expect(
                try await database.start(Runs.new(lever: LeverState(status: "disengaged", epoch: 2)))
                    == .outdated
            )
            #expect(
                try await database.start(Runs.new(lever: LeverState(status: "engaged", epoch: 1)))
                    == .outdated
            )
            #expect(try await database.start(Runs.new(templateRevision: 2)) == .outdated)
            #expect(try await database.start(Runs.new(template: "EXTbbbbbbbbbbbbb1")) == .outdated)
            // By the database's own clock.
            #expect(try await database.start(Runs.new(startWithin: .zero)) == .outdated)
            #expect(try await database.start() == .started(accountConfigurations: []))
            #expect(try await database.start(Runs.new(Runs.id(2))) == .outdated, "the token is taken")
            #expect(try await database.value("SELECT count(*) FROM experiments") == 1)
            #expect(try await database.value("SELECT count(*) FROM experiment_events") == 1)
        }
    }

    @Test func `the ground of a start is the template, the lever and what the token made before`()
        async throws
    {
        try await withRun { database, _ in
            func ground(_ account: AccountID, _ template: String, _ token: String) async throws -> StartGround
            {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.experimentStartGround(
                        Given.context(account),
                        template: template,
                        clientToken: token
                    )
                }
            }
            let fresh = try await ground(Given.first, Runs.template, "token-2")
            #expect(fresh.template?.content == [:] && fresh.template?.revision == 1)
            #expect(fresh.lever == Runs.calm && fresh.earlier == nil)
            let repeated = try await ground(Given.first, "EXTbbbbbbbbbbbbb1", "token-1")
            #expect(repeated.template == nil && repeated.earlier?.id == Runs.id)
            #expect(repeated.earlier?.requestDigest == [UInt8](repeating: 9, count: 32))
            let foreign = try await ground(Given.second, Runs.template, "token-1")
            #expect(foreign.template == nil && foreign.earlier == nil)
        }
    }

    @Test func `near the quota starts are counted one by one, and none goes over it`() async throws {
        try await Given.populated { database in
            try await database.makeTemplate()
            #expect(try await database.start(quota: 64) == .started(accountConfigurations: []))
            #expect(try await database.start(Runs.new(Runs.id(2), token: "2"), quota: 64) == .nearQuota)
            let outcomes = try await withThrowingTaskGroup(of: StartOutcome.self) { group in
                for number in 2...9 {
                    let new = Runs.new(Runs.id(number), token: "\(number)")
                    group.addTask { try await database.start(new, quota: 5, isExact: true) }
                }
                return try await group.reduce(into: [StartOutcome]()) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .started(accountConfigurations: []) } == 4)
            #expect(outcomes.count { $0 == .overQuota(active: 5) } == 4)
        }
    }

    @Test func `another account sees none of it`() async throws {
        try await withRun { database, run in
            #expect(try await database.experiment(Runs.id, Given.second) == nil)
            let listed = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentList(Given.context(Given.second), limit: 10)
            }
            #expect(listed == [])
            let isTagged = try await database.transaction { transaction throws(StoreError) in
                try transaction.experimentTag(Given.context(Given.second), run, tags: [:], at: Given.now)
            }
            #expect(!isTagged)
        }
    }

    @Test func `runs are listed newest first, a page at a time`() async throws {
        try await Given.populated { database in
            try await database.makeTemplate()
            for number in 1...5 {
                let moment = Given.now + .seconds(number / 2)
                let new = Runs.new(Runs.id(number), token: "\(number)", at: moment)
                #expect(try await database.start(new) == .started(accountConfigurations: []))
            }
            func page(_ after: ExperimentSummary?) async throws -> [ExperimentSummary] {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.experimentList(
                        Given.context(),
                        template: Runs.template,
                        after: after?.place,
                        limit: 2
                    )
                }
            }
            var seen: [ExperimentSummary] = []
            while let next = try await Optional(page(seen.last)), !next.isEmpty { seen += next }
            #expect(seen.map(\.id) == [5, 4, 3, 2, 1].map(Runs.id))
        }
    }

    @Test func `a run is claimed by one node at a time, each with a term of its own`() async throws {
        try await withRun { database, _ in
            let first = try #require(try await database.claim("a").first)
            #expect(first.term == 1 && first.lever.state == Runs.calm && first.experiment.id == Runs.id)
            #expect(try await database.claim("b") == [])
            let second = try #require(try await database.claim("b", at: Given.now + .seconds(5)).first)
            #expect(second.term == 2)
            let late = ExperimentStep(state: Runs.state("running"))
            #expect(try await database.advance(first.experiment, term: first.term, late) == false)
            #expect(try await database.advance(second.experiment, term: second.term, late))
            #expect(try await database.claim("a").map(\.term) == [3], "a run that was written is free again")
            #expect(try await database.claim("a", at: Given.now + .seconds(-1)) == [])
        }
    }

    @Test func `a hold from the far future counts as over`() async throws {
        try await withRun { database, _ in
            let far = try await database.claim("a", at: Given.now + .seconds(3_600))
            #expect(far.map(\.term) == [1])
            #expect(try await database.claim("b").map(\.term) == [2])
        }
    }

    @Test func `a step that was thought out from an older state writes nothing`() async throws {
        try await withRun { database, run in
            let step = ExperimentStep(
                state: Runs.state("running", events: [Runs.event(2)]),
                published: [Runs.fault()]
            )
            #expect(try await database.advance(run, step))
            #expect(try await database.advance(run, step) == false)
            let after = try #require(try await database.experiment())
            #expect(after.status == "running" && after.revision == 2 && after.eventCount == 2)
            #expect(after.eventHead == Runs.event(2).digest)
            #expect(try await database.value("SELECT count(*) FROM experiment_events") == 2)
            #expect(try await database.document().change == 1)
        }
    }

    @Test func `a run that ended is forgotten after its time, and its documents keep their numbers`()
        async throws
    {
        try await withRun { database, run in
            #expect(
                try await database.advance(
                    run,
                    ExperimentStep(state: Runs.state(), published: [Runs.fault()])
                )
            )
            let running = try #require(try await database.experiment())
            let end = ExperimentStep(state: Runs.state("completed", ended: Given.now))
            #expect(try await database.advance(running, end))
            #expect(try await database.value("SELECT count(*) FROM faults") == 0)
            func forget(_ moment: Timestamp) async throws -> Int {
                try await database.statement { transaction throws(StoreError) in
                    try transaction.experimentForget(endedBefore: moment, limit: 10)
                }
            }
            #expect(try await forget(Given.now) == 0)
            #expect(try await forget(Given.now + .seconds(1)) == 1)
            #expect(try await database.value("SELECT count(*) FROM experiment_events") == 0)
            #expect(try await database.document().change == 2)
        }
    }
}

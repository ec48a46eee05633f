import Base
import Store
import Testing

/// Templates and runs as the database sees them; what is in them is nobody's business here.
enum Runs {
    static let id = "EXPaaaaaaaaaaaaaa1"
    static let template = "EXTaaaaaaaaaaaaa1"
    static let target = "arn:aws:lambda:us-east-1:000000000000:function:checkout"
    static let calm = LeverState(status: "disengaged", epoch: 1)

    static func event(_ number: Int, _ payload: JSON = ["to": "pending"]) -> LinkedEvent {
        LinkedEvent(
            number: number,
            payload: payload.encoded,
            digest: [UInt8](repeating: UInt8(number), count: 32)
        )
    }

    static func state(
        _ status: String = "running",
        ended: Timestamp? = nil,
        events: [LinkedEvent] = []
    ) -> RunState {
        RunState(
            status: status,
            run: ["status": .string(status)],
            endedAt: ended,
            nextDue: ended == nil ? Given.now : nil,
            events: events
        )
    }

    static func new(
        _ id: String = Runs.id,
        token: String = "token-1",
        template: String = template,
        templateRevision: Int64 = 1,
        lever: LeverState = calm,
        at moment: Timestamp = Given.now,
        published: [PublishedFault] = [],
        startWithin: Duration = .seconds(1_000_000_000)
    ) -> NewExperiment {
        NewExperiment(
            Experiment(
                new: id,
                account: Given.first,
                template: template,
                tags: ["team": "payments"],
                epoch: lever.epoch,
                createdAt: moment,
                eventHead: []
            ),
            ExperimentStep(
                state: state("pending", events: [event(1)]),
                published: published,
                audit: StepAudit(
                    Given.context(),
                    "experiment.started",
                    details: ["template": .string(template)],
                    at: moment
                )
            ),
            leverStatus: lever.status,
            templateRevision: templateRevision,
            clientToken: token,
            requestDigest: [UInt8](repeating: 9, count: 32),
            startWithin: startWithin,
            copiesAccounts: true
        )
    }

    static func fault(
        _ action: String = "Delay",
        target: String = Runs.target,
        qualifier: String? = nil
    ) -> PublishedFault {
        PublishedFault(
            action: action,
            target: target,
            qualifier: qualifier,
            notBefore: Given.now,
            notAfter: Given.now + .seconds(60),
            fault: ["id": .string(action)]
        )
    }

    static func id(_ number: Int) -> String {
        "EXP" + String(repeating: "0", count: 15 - "\(number)".count) + "\(number)"
    }
}

extension Database {
    func makeTemplate(_ account: AccountID = Given.first) async throws {
        try await run(
            """
            INSERT INTO experiment_templates (id, account, client_token, request_digest, content, created_at, updated_at)
            VALUES (\(Runs.template), \(account), 't', \([UInt8](repeating: 1, count: 32)), '{}', \(Given.now), \(Given.now))
            """
        )
    }

    func start(
        _ new: NewExperiment = Runs.new(),
        quota: Int = 1_000,
        isExact: Bool = false
    ) async throws -> StartOutcome {
        try await transaction { transaction throws(StoreError) in
            try transaction.experimentStart(Given.context(), new, quota: quota, isExact: isExact)
        }
    }

    func experiment(_ id: String = Runs.id, _ account: AccountID = Given.first) async throws -> Experiment? {
        try await statement { transaction throws(StoreError) in
            try transaction.experimentRead(Given.context(account), id: id)
        }
    }

    func advance(_ experiment: Experiment, term: Int64? = nil, _ step: ExperimentStep) async throws -> Bool {
        try await statement { transaction throws(StoreError) in
            try transaction.experimentAdvance(experiment, term: term, step)
        }
    }

    func claim(
        _ node: String,
        limit: Int = 10,
        at now: Timestamp = Given.now
    ) async throws -> [ClaimedExperiment] {
        try await statement { transaction throws(StoreError) in
            try transaction.experimentClaim(node: node, lease: .seconds(5), limit: limit, at: now)
        }
    }

    func document(
        _ target: String = Runs.target,
        _ account: AccountID = Given.first
    ) async throws -> PublishedDocument {
        try await statement { transaction throws(StoreError) in
            try transaction.faultDocumentRead(Given.context(account), target: target)
        }
    }

    /// Nil where that engagement is over.
    func engageIfNotOver(
        _ id: String = "ENG1",
        reason: String = "drill",
        epoch: Int64 = 0
    ) async throws -> Lever? {
        let engagement = LeverEngagement(id: id, epoch: epoch, reason: reason, by: "somebody", at: Given.now)
        return try await transaction { transaction throws(StoreError) in
            try transaction.leverEngage(Given.context(), engagement, reason: reason, at: Given.now)
        }
    }

    func engage(_ id: String = "ENG1", reason: String = "drill", epoch: Int64 = 0) async throws -> Lever {
        try #require(try await engageIfNotOver(id, reason: reason, epoch: epoch))
    }

    func settleLever() async throws -> Bool {
        try await transaction { transaction throws(StoreError) in try transaction.leverSettle(at: Given.now) }
    }
}

/// Lends a database with a template and a run of it.
func withRun(_ body: (Database, Experiment) async throws -> Void) async throws {
    try await Given.populated { database in
        try await database.makeTemplate()
        try #require(try await database.start() == .started(accountConfigurations: []))
        try await body(database, try #require(try await database.experiment()))
    }
}

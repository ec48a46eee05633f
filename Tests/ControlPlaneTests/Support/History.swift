import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Runs with events in a database that no node drives, for tests of what is kept of them.
struct History: Sendable {
    static let account = required(AccountID("000000000000"))
    static let now = Timestamp(nanoseconds: 1_790_000_000_123_456_789)
    static let context = OperationContext(
        account: account,
        actor: .machineOperator,
        origin: .controlSocket,
        requestID: "history"
    )

    let database: Database
    let url: String
    let time = DeploymentTime(clock: .system)

    /// Lends a database that is set up and has a template.
    static func lend(_ body: @Sendable (History) async throws -> Void) async throws {
        try await withDatabaseURL { database, url in
            _ = try await database.transaction { transaction throws(StoreError) in
                let deployment = Deployment(
                    id: "dep-1",
                    masterKeyCheck: [UInt8](repeating: 7, count: 32),
                    firstAccount: account,
                    region: "us-east-1",
                    lease: .seconds(15),
                    createdAt: now
                )
                _ = try transaction.deploymentInitialise(deployment, firstAccountName: "first")
                _ = try transaction.templateCreate(
                    context,
                    id: "EXTaaaaaaaaaaaaa1",
                    clientToken: "t",
                    requestDigest: [UInt8](repeating: 1, count: 32),
                    content: [:],
                    quota: 1,
                    at: now
                )
            }
            try await body(History(database: database, url: url))
        }
    }

    static func id(_ number: Int) -> String {
        "EXP" + String(repeating: "0", count: 15 - "\(number)".count) + "\(number)"
    }

    private static func event(_ id: String, _ number: Int) -> RunEvent {
        RunEvent(
            kind: .experiment,
            subject: id,
            from: number == 1 ? nil : "pending",
            to: "running",
            reason: "number \(number)",
            at: now + .milliseconds(number)
        )
    }

    /// A run with that many events; ended at once where `ended` says when.
    @discardableResult
    func run(_ number: Int, events count: Int = 3, ended: Timestamp? = nil) async throws -> String {
        let id = Self.id(number)
        let start = EventChain.start(experiment: id)
        let new = NewExperiment(
            Experiment(
                new: id,
                account: Self.account,
                template: "EXTaaaaaaaaaaaaa1",
                tags: [:],
                epoch: 1,
                createdAt: Self.now,
                eventHead: start
            ),
            ExperimentStep(
                state: RunState(
                    status: ended == nil ? "running" : "completed",
                    run: [:],
                    endedAt: ended,
                    nextDue: ended == nil ? Self.now : nil,
                    events: RunRecord.link((1...count).map { Self.event(id, $0) }, after: 0, start)
                )
            ),
            leverStatus: "disengaged",
            templateRevision: 1,
            clientToken: id,
            requestDigest: [UInt8](repeating: 9, count: 32),
            startWithin: .seconds(1_000_000_000),
            copiesAccounts: false
        )
        let outcome = try await database.statement { transaction throws(StoreError) in
            try transaction.experimentStart(Self.context, new, quota: 10_000)
        }
        #expect(outcome == .started(accountConfigurations: []))
        return id
    }

    /// One more event of a run.
    func grow(_ id: String) async throws {
        let row = try #require(try await row(id))
        let event = Self.event(id, row.eventCount + 1)
        let events = RunRecord.link([event], after: row.eventCount, row.eventHead)
        let step = ExperimentStep(
            state: RunState(status: "running", run: [:], nextDue: Self.now, events: events)
        )
        let isWritten = try await database.statement { transaction throws(StoreError) in
            try transaction.experimentAdvance(row, term: nil, step)
        }
        #expect(isWritten)
    }

    func row(_ id: String) async throws -> Store.Experiment? {
        try await database.statement { transaction throws(StoreError) in
            try transaction.experimentRead(Self.context, id: id)
        }
    }

    func seals() async throws -> [EventSeal] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.sealList(after: 0, limit: 1_000)
        }
    }

    func sealer(batch: Int = 1_000, metrics: RunMetrics = RunMetrics()) -> EventSealer {
        EventSealer(database: database, time: time, metrics: metrics, batch: batch)
    }
}

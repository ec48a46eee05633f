import Base
import Experiments
import SafetyLever
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Two nodes' worth of control plane on one database, with a clock that the walk moves and no servers around them.
final class Walk: Sendable {
    static let account = required(AccountID("000000000000"))
    static let functions = (1...3).map { "arn:aws:lambda:us-east-1:000000000000:function:f\($0)" }

    let database: Database
    let runs: ExperimentRuns
    let lever: EmergencyStop
    let reconcilers: [Reconciler]
    private let moment: Locked<Instant>
    private let time: DeploymentTime
    private let memory = Locked(Memory())

    /// What was seen so far, to compare with what is seen next.
    private struct Memory {
        var versions: [String: Int64] = [:]
        var ended: Set<String> = []
        var tokens: [String: String] = [:]
        var events: [String: Int] = [:]
    }

    init(_ database: Database, quotas: Quotas = Quotas()) async throws {
        self.database = database
        let start = Instant.now
        let moment = Locked(start)
        self.moment = moment
        let clock = Base.Clock(now: { moment.withLock { $0 } }, wall: { Timestamp.now })
        let time = DeploymentTime(clock: clock)
        self.time = time
        time.heard(.now, asked: start, answered: start)
        let door = DatabaseDoor()
        door.open(database)
        let halt = Halt(alone: .seconds(15), time: time, clock: clock, log: .quiet)
        let delivery = Delivery(halt: halt, seen: DatabaseMemory(), database: door)
        runs = ExperimentRuns(
            database: door,
            safety: door,
            quotas: quotas,
            time: time,
            delivery: delivery,
            telemetry: Telemetry(time: time, clock: clock),
            firstAccount: Self.account,
            nudge: {},
            log: .quiet
        )
        lever = EmergencyStop(runs: runs, halt: halt, time: time)
        reconcilers = ["a", "b"].map {
            Reconciler(
                database: database,
                node: $0,
                quotas: quotas,
                time: time,
                delivery: delivery,
                log: .quiet
            )
        }
        try await prepare()
    }

    static var context: OperationContext {
        OperationContext(account: account, actor: .machineOperator, origin: .controlSocket, requestID: "walk")
    }

    func pass(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }

    private func prepare() async throws {
        let now = time.now
        let deployment = Deployment(
            id: "walk",
            masterKeyCheck: [UInt8](repeating: 1, count: 32),
            firstAccount: Self.account,
            region: "us-east-1",
            lease: .seconds(15),
            createdAt: now
        )
        try await database.transaction { transaction throws(StoreError) in
            _ = try transaction.deploymentInitialise(deployment, firstAccountName: "walk")
            for arn in Self.functions {
                _ = try transaction.targetPut(
                    Self.context,
                    arn: arn,
                    resourceType: "aws:lambda:function",
                    tags: ["env": "prod"],
                    attributes: [:],
                    at: now
                )
            }
            for (number, template) in Self.templates.enumerated() {
                _ = try transaction.templateCreate(
                    Self.context,
                    id: Self.templateID(number),
                    clientToken: "\(number)",
                    requestDigest: [UInt8](repeating: 2, count: 32),
                    content: template.json,
                    quota: 100,
                    at: now
                )
            }
        }
    }

    static func templateID(_ number: Int) -> String { "EXTwalkwalkwalk0\(number)" }

    /// A line, a diamond with two kinds of fault, one that skips, and one that nobody can perform.
    static let templates: [ExperimentTemplate] = {
        func fault(_ name: String, _ seconds: Int, after: [String] = []) -> TemplateAction {
            TemplateAction(
                name: name,
                actionID: "aws:lambda:invocation-add-delay",
                parameters: [.init("duration", "PT\(seconds)S")],
                targets: [.init("Functions", "Some")],
                startAfter: after
            )
        }
        func wait(_ name: String, _ seconds: Int, after: [String] = []) -> TemplateAction {
            TemplateAction(
                name: name,
                actionID: "aws:fis:wait",
                parameters: [.init("duration", "PT\(seconds)S")],
                startAfter: after
            )
        }
        let some = TemplateTarget(
            name: "Some",
            resourceType: "aws:lambda:function",
            resourceTags: [Experiments.Tag("env", "prod")],
            selection: .count(2)
        )
        func template(_ actions: [TemplateAction]) -> ExperimentTemplate {
            ExperimentTemplate(
                description: "walk",
                targets: [some],
                actions: actions,
                roleARN: "arn:aws:iam::000000000000:role/fis"
            )
        }
        return [
            template([
                fault("One", 20), wait("Pause", 10, after: ["One"]), fault("Two", 20, after: ["Pause"]),
            ]),
            template([
                wait("First", 5), fault("Left", 40, after: ["First"]), fault("Right", 30, after: ["First"]),
                wait("Last", 5, after: ["Left", "Right"]),
            ]),
            template([
                fault("Fine", 60), TemplateAction(name: "Unknown", actionID: "aws:ec2:reboot-instances"),
            ]),
        ]
    }()
}

extension Walk {
    func start(_ number: Int, token: String, _ mode: Run.ActionsMode) async throws {
        let request = ExperimentRuns.StartRequest(
            template: Self.templateID(number),
            clientToken: token,
            tags: [],
            mode: mode
        )
        let made = try await runs.start(Self.context, request).row
        let known = memory.withLock { memory in
            defer { memory.tokens[token] = made.id }
            return memory.tokens[token]
        }
        #expect(known == nil || known == made.id, "I5: one token, one run")
    }

    /// Engages, and waits until all that follows is done.
    func engage(_ reason: String) async throws {
        try await lever.engage(Self.context, reason: reason, patience: .seconds(60))
    }

    /// A node engages the lever and is gone before it has stopped anything.
    func engageAndDie(_ number: Int) async throws {
        let now = time.now
        _ = try await database.transaction { transaction throws(StoreError) in
            try transaction.leverEngage(
                Self.context,
                LeverEngagement(id: "ENG\(number)", epoch: 0, reason: "died", by: "operator", at: now),
                reason: "died",
                at: now
            )
        }
    }

    var all: [Experiment] {
        get async throws {
            var rows: [Experiment] = []
            for summary in try await runs.list(Self.context, template: nil, after: nil, limit: 1_000) {
                rows.append(try await runs.read(Self.context, summary.id))
            }
            return rows
        }
    }

    /// Holds everything that must be true at every moment.
    func check() async throws {
        let rows = try await all
        #expect(memory.withLock { Set($0.tokens.values) } == Set(rows.map(\.id)))
        for row in rows { try await checkHistory(of: row) }
        let statuses = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0.status) })
        for function in Self.functions { try await checkDocument(of: function, statuses) }
    }

    /// I8: the events are one chain without a gap, and replayed they give the state.
    private func checkHistory(of row: Experiment) async throws {
        let events = try await runs.events(of: row, after: 0, limit: 10_000)
        #expect(events.map(\.number) == Array(1...events.count) && row.eventCount == events.count)
        let links = events.map { (payload: $0.payload.encoded, link: $0.digest) }
        #expect(EventChain.verify(start: EventChain.start(experiment: row.id), links) == nil)
        #expect(row.eventHead == events.last?.digest)
        var states: [String: String] = [:]
        for event in try events.map({ try RunEvent(stored: $0.payload) }) {
            let subject = "\(event.kind) \(event.subject)"
            if let known = states[subject] { #expect(event.from == known, "\(event)") }
            states[subject] = event.to
        }
        let run = try Run(stored: row.run)
        #expect(
            states["\(RunEvent.Kind.experiment) \(row.id)"] == row.status && row.status == run.status.rawValue
        )
        for action in run.actions {
            let state = states["\(RunEvent.Kind.action) \(action.name)"] ?? "pending"
            #expect(state == action.status.rawValue)
        }
        memory.withLock { memory in
            if memory.ended.contains(row.id) {
                #expect(memory.events[row.id] == events.count, "nothing happens after the end")
            }
            memory.events[row.id] = events.count
            if row.endedAt != nil { memory.ended.insert(row.id) }
        }
    }

    /// I3 and I4: versions never fall, and nothing is served of a run that has ended, is stopping, or is of another epoch.
    private func checkDocument(of function: String, _ statuses: [String: String]) async throws {
        let document = try await database.statement { transaction throws(StoreError) in
            try transaction.faultDocumentRead(Self.context, target: function)
        }
        let version = required(FaultVersion(epoch: document.lever.state.epoch, change: document.change))
            .number
        // What was committed when somebody reads is in the book then.
        try await runs.delivery.reader.turn()
        let book = runs.delivery.book
        let entry = book.room(TargetKey(account: Self.account, target: function)).entry
        #expect(book.lever.record == LeverRecord(document.lever) && entry.change == document.change)
        memory.withLock { memory in
            #expect(memory.versions[function] ?? 0 <= version)
            memory.versions[function] = version
        }
        for fault in entry.served(book.standing(at: .now), to: nil) {
            let status = statuses[fault["experimentId"]?.text ?? ""]
            #expect(status == "running", "I3: \(status ?? "none") \(fault)")
            #expect(document.lever.state.status == "disengaged")
        }
    }
}

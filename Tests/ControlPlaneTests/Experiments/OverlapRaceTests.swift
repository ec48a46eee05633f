import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Many who want the same targets at the same moment, through two nodes.
@Suite(.serialized, .timeLimit(.minutes(10))) struct OverlapRaceTests {
    private static let starts = 100

    @Test(
        "no target has two holders where that is forbidden, nobody waits in a circle, and all ends",
        arguments: OverlapPolicy.allCases
    )
    func race(_ policy: OverlapPolicy) async throws {
        try await withDatabaseURL { database, url in
            let second = try Database(DatabaseAddress(url), pool: .patient, log: .quiet)
            defer { second.close() }
            let walks = [try await Walk(database), try await Walk(second)]
            try await TargetWitness.watch(database)
            for number in 0..<Crowd.templates.count { try await walks[0].make(number, policy) }

            let isOver = Locked(false)
            async let driven: Void = Crowd.drive(walks) { isOver.withLock { $0 } }
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<Self.starts {
                    group.addTask { try await walks[number % 2].begin(number) }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            isOver.withLock { $0 = true }
            try await driven
            let started = outcomes.count { $0 }
            #expect(policy == .refuse ? (1..<Self.starts).contains(started) : started == Self.starts)

            let runs = try await walks[0].all.map { try Run(stored: $0.run) }
            #expect(runs.count == started)
            for run in runs { #expect(run.status == .completed, "\(run.id): \(run.reason)") }
            try await check(policy, runs, database)
        }
    }

    @Test func `one that gives up its place names who is in its way then`() async throws {
        try await withTestDatabase { database in
            let walk = try await Walk(database)
            try await walk.make(0, .allow, for: "PT1H")
            try await walk.make(1, .queue, timeout: "PT10M")
            for number in [0, Crowd.templates.count, 1] { #expect(try await walk.begin(number)) }
            let (gone, left) = (try await walk.named(0), try await walk.named(Crowd.templates.count))
            let waits = try await walk.named(1)
            #expect(
                waits.run["reason"]?.text?.hasPrefix("Queued: target \(Crowd.functions[0]) is held by ")
                    == true
            )
            _ = try await walk.runs.stop(Walk.context, gone.id)
            for reconciler in walk.reconcilers { try await reconciler.turn() }
            #expect(try await walk.runs.read(Walk.context, waits.id).status == "pending")
            walk.pass(.seconds(601))
            try await walk.reconcilers[1].turn()
            let cancelled = try await walk.runs.read(Walk.context, waits.id)
            #expect(cancelled.status == "cancelled")
            let reason = cancelled.run["reason"]?.text ?? ""
            let start =
                "Experiment cancelled because its targets did not become free within 600 s: "
                + "target \(Crowd.functions[0]) is held by experiment \(left.id) (template \(Crowd.id(0)), since "
            #expect(reason.hasPrefix(start) && reason.hasSuffix("Z)."), "\(reason)")
        }
    }

    private func check(_ policy: OverlapPolicy, _ runs: [Run], _ database: Database) async throws {
        let seen = try await TargetWitness.all(database)
        let met = Set(seen.filter { $0.kind == .hold && $0.others > 0 }.map(\.experiment))
        let shared = seen.count { $0.kind == .fault && $0.others > 0 }
        if policy == .allow {
            #expect(!met.isEmpty && shared > 0, "they did not even meet")
            #expect(
                Set(runs.filter { !$0.overlaps.isEmpty }.map(\.id)) == met,
                "each that met others says so"
            )
        } else {
            #expect(met == [] && shared == 0, "two at once")
        }
        let tickets = Dictionary(
            seen.filter { $0.kind == .wait }.map { ($0.experiment, $0.others) }
        ) { first, _ in first }
        #expect(policy == .queue ? tickets.count > Self.starts / 2 : tickets.isEmpty)
        let begun = Dictionary(uniqueKeysWithValues: runs.map { ($0.id, $0.startedAt ?? $0.createdAt) })
        for target in Set(seen.map(\.target)) {
            let held = seen.filter { $0.kind == .hold && $0.target == target }.map(\.experiment)
            let waited = held.filter { tickets[$0] != nil }
            let inLine = waited.sorted { (tickets[$0] ?? 0) < (tickets[$1] ?? 0) }
            #expect(waited == inLine, "\(target)")
            let times = waited.map { begun[$0] ?? .now }
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(target)")
        }
        #expect(try await database.targetsInUse() == 0)
        let faults: Int = try await database.statement { transaction throws(StoreError) in
            try transaction.faultCount()
        }
        #expect(faults == 0)
        #expect(try await database.deadlocks() == 0)
    }
}

/// Templates that each mean some of five functions, in whatever order, and the nodes that drive their runs.
private enum Crowd {
    static let functions = (1...5).map { "arn:aws:lambda:us-east-1:000000000000:function:g\($0)" }

    /// Which functions each template means.
    static let templates = [[0, 1], [1, 0], [2, 1, 0], [3, 2], [4, 3, 2], [0, 4], [4, 0, 2], [1, 3]]

    static func id(_ number: Int) -> String { "EXTcrowdcrowdc00\(number)" }

    static func template(
        _ number: Int,
        _ policy: OverlapPolicy,
        for duration: String,
        timeout: String
    ) -> ExperimentTemplate {
        var options = ExperimentOptions()
        options.overlapPolicy = policy
        if policy == .queue { options.queueTimeout = timeout }
        return ExperimentTemplate(
            description: "crowd",
            targets: [
                TemplateTarget(
                    name: "Some",
                    resourceType: "aws:lambda:function",
                    resourceARNs: templates[number].map { functions[$0] }
                )
            ],
            actions: [
                TemplateAction(
                    name: "Delay",
                    actionID: "aws:lambda:invocation-add-delay",
                    parameters: [.init("duration", duration), .init("ifUnheld", "complete")],
                    targets: [.init("Functions", "Some")]
                )
            ],
            roleARN: "arn:aws:iam::000000000000:role/fis",
            options: options
        )
    }

    /// Lets time pass on all nodes, and each look at its runs, until it is said to be over and nothing runs any more.
    static func drive(_ walks: [Walk], until isOver: @Sendable () -> Bool) async throws {
        for _ in 0..<5_000 {
            let mayEnd = isOver()
            for walk in walks { walk.pass(.milliseconds(400)) }
            let dues = try await withThrowingTaskGroup(of: Timestamp?.self) { group in
                for (walk, reconciler) in zip(walks, walks.map(\.reconcilers)) {
                    for one in reconciler {
                        group.addTask {
                            _ = walk; return try await one.turn()
                        }
                    }
                }
                return try await group.reduce(into: [Timestamp?]()) { $0.append($1) }
            }
            if mayEnd, dues.allSatisfy({ $0 == nil }) { return }
        }
        Issue.record("not everything ends")
    }
}

extension Walk {
    /// Makes a template of the crowd's, and its functions.
    fileprivate func make(
        _ number: Int,
        _ policy: OverlapPolicy,
        for duration: String = "PT2S",
        timeout: String = "PT12H"
    ) async throws {
        try await database.transaction { transaction throws(StoreError) in
            for arn in Crowd.functions {
                _ = try transaction.targetPut(
                    Self.context,
                    arn: arn,
                    resourceType: "aws:lambda:function",
                    tags: [:],
                    attributes: [:],
                    at: .now
                )
            }
            _ = try transaction.templateCreate(
                Self.context,
                id: Crowd.id(number),
                clientToken: "crowd \(number)",
                requestDigest: [UInt8](repeating: 3, count: 32),
                content: Crowd.template(number, policy, for: duration, timeout: timeout).json,
                quota: 100,
                at: .now
            )
        }
    }

    /// The run that was started with that number, or is now.
    fileprivate func named(_ number: Int) async throws(APIError) -> Experiment {
        let request = ExperimentRuns.StartRequest(
            template: Crowd.id(number % Crowd.templates.count),
            clientToken: "crowd \(number)",
            tags: [],
            mode: .runAll
        )
        return try await runs.start(Self.context, request).row
    }

    /// Starts one run of the crowd's; false where it is refused for who holds its targets.
    fileprivate func begin(_ number: Int) async throws -> Bool {
        do throws(APIError) {
            _ = try await named(number)
            return true
        } catch {
            if error.code != .conflict || !error.message.contains("is held by experiment EXP") { throw error }
            return false
        }
    }
}

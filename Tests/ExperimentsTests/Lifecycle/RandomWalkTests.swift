import Base
import Experiments
import Testing

/// Whatever happens, in whatever order and at whatever times, these hold after each step.
@Suite struct RandomWalkTests {
    @Test(arguments: 0..<8) func `no way through a run breaks a promise`(block: Int) throws {
        var ends: [RunStatus: Int] = [:]
        for seed in UInt64(block) * 150..<UInt64(block) * 150 + 150 {
            let end = walk(seed)
            ends[end, default: 0] += 1
        }
        // A walk that never gets far would prove nothing.
        for status in RunStatus.allCases where status.isFinal {
            #expect(ends[status, default: 0] > 0, "no walk ends \(status.rawValue)")
        }
    }

    private func walk(_ seed: UInt64) -> RunStatus {
        var walk = RandomWalk(seed: seed)
        var stage = walk.stage()
        for step in 0..<200 where !stage.run.status.isFinal || step.isMultiple(of: 40) {
            let before = stage.run
            let answer = walk.step(&stage.run)
            if let answer { stage.take(answer) }
            check(before, answer, stage, "seed \(seed), step \(step)")
        }
        finish(&stage, seed)
        return stage.run.status
    }

    private func check(_ before: Run, _ answer: RunAnswer?, _ stage: Stage, _ place: Comment) {
        let run = stage.run
        if answer == nil { #expect(run == before, place) }
        if before.status.isFinal {
            // It may still be told that its faults have ended everywhere.
            #expect(run.status == before.status && run.reason == before.reason, place)
            #expect(run.endedAt == before.endedAt && answer?.effects ?? [] == [], place)
        }
        if answer?.recorded.isEmpty ?? true { #expect(run.status == before.status, place) }
        #expect(Replay(stage.events) == Replay(of: run), place)
        let wanted = run.actions.filter { $0.status.isUnderWay && Self.publishes($0.plan) }.map(\.name)
        #expect(stage.published == Set(wanted), place)
        for name in wanted {
            // What is armed begins when it is told to, and no later than it was published for.
            let window = run.faults(on: Stage.arn("checkout")).first { $0.action == name }
            let isArmed = run.action(name)?.status == .initiating
            if let window, isArmed { #expect(window.notBefore > (run.action(name)?.endsAt ?? .now), place) }
        }
        #expect(wanted.isEmpty || run.status == .running, place)
        #expect(run.queue == nil || run.status == .pending, place)
        #expect(wanted.isEmpty || !run.heldTargets.isEmpty, place)
        #expect(run.actions.count { $0.status == .running } <= run.limits.parallelActions, place)
        #expect(zip(stage.events, stage.events.dropFirst()).allSatisfy { $0.at <= $1.at }, place)
        #expect((run.nextDue == nil) == run.status.isFinal, place)
        if run.status != before.status { #expect((try? Run(stored: run.json)) == run, place) }
        for action in run.actions {
            #expect(action.status.isFinal == (action.endedAt != nil), place)
            if action.status == .completed { #expect(action.endedAt == action.endsAt, place) }
            if let start = action.startedAt, let end = action.endedAt { #expect(start <= end, place) }
        }
    }

    private static func publishes(_ plan: ActionPlan) -> Bool {
        if case .fault = plan.execution { true } else { false }
    }

    /// Left to the clock alone, every run ends, within a step for each action and a few more.
    private func finish(_ stage: inout Stage, _ seed: UInt64) {
        var looks = 0
        while let due = stage.run.nextDue, looks < 60 {
            looks += 1
            let answer = stage.run.timePassed(at: due)
            stage.take(answer)
            if answer.effects == [.resolveTargets], stage.run.status == .initiating {
                let found = [Stage.resolved(), Stage.resolved("Other")]
                _ = try? stage.take(stage.run.targetsResolved(ResolutionOutcome(found), at: due))
            }
        }
        #expect(stage.run.status.isFinal, "seed \(seed)")
        #expect(stage.published == [] && stage.run.actions.allSatisfy(\.status.isFinal), "seed \(seed)")
    }
}

/// The states of a run and its actions, as its events alone tell them; a broken history is told by `flaw`.
private struct Replay: Equatable {
    var run: String?
    var actions: [String: String] = [:]
    var flaw: String?

    init(of run: Run) {
        self.run = run.status.rawValue
        for action in run.actions where action.status != .pending {
            actions[action.name] = action.status.rawValue
        }
    }

    init(_ events: [RunEvent]) {
        var began: Set<String> = []
        var resolved: Set<String> = []
        var covered: [String: String] = [:]
        var queue: String?
        for event in events {
            if event.from == event.to { flaw = "\(event) changes nothing" }
            switch event.kind {
            case .experiment:
                if event.from != run { flaw = "\(event) after \(run ?? "nothing")" }
                run = event.to
            case .action:
                let state = actions[event.subject] ?? ActionStatus.pending.rawValue
                if event.from != state { flaw = "\(event) after \(state)" }
                if event.to == "running", !began.insert(event.subject).inserted { flaw = "\(event) twice" }
                actions[event.subject] = event.to
            case .target:
                if !resolved.insert(event.subject).inserted { flaw = "\(event) twice" }
            case .coverage:
                if event.from != covered[event.subject] {
                    flaw = "\(event) after \(covered[event.subject] ?? "nothing")"
                }
                covered[event.subject] = event.to
            case .queue:
                if event.from != queue { flaw = "\(event) after \(queue ?? "nothing")" }
                queue = event.to
            case .overlap, .guardPassed, .guardBreached, .hypothesisDeviated, .hypothesisJudged:
                if event.from != nil { flaw = "\(event) comes from nothing" }
            }
        }
    }
}

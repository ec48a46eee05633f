import Base
import Experiments
import Testing

/// A run whose stop conditions are read before its first fault and while it lasts, and one that asserts an alarm's state.
@Suite struct GuardTests {
    private static let text = "stopConditions[0], prometheus \"up == 0\": 1 element."

    private static func stage(mode: Run.ActionsMode = .runAll, _ actions: [TemplateAction]? = nil) -> Stage {
        let template = ExperimentTemplate(
            description: "A test",
            targets: [Stage.functions],
            actions: actions ?? [Stage.fault("Delay", 60)],
            stopConditions: [StopCondition(source: "prometheus", value: "up == 0")],
            roleARN: "arn:aws:iam::000000000000:role/fis"
        )
        return Stage(
            Run(
                id: "EXP1",
                template: template,
                epoch: 3,
                mode: mode,
                createdAt: Stage.start,
                plan: Stage.plan
            )
        )
    }

    /// One that waits for its guard.
    private static func waiting() throws -> Stage {
        var stage = stage()
        try stage.begin()
        return stage
    }

    @Test func `it has its targets and publishes nothing until its guard was read`() throws {
        var stage = Self.stage()
        #expect(stage.look(0) == ["resolve", "0.0: EXP1 pending > initiating Experiment is initiating."])
        let told = try stage.resolve([Stage.resolved()], 1)
        #expect(
            told == [
                "watch stop-conditions", "1.0: Functions pending > completed [\(Stage.arn("checkout"))] ",
            ]
        )
        #expect(stage.run.status == .initiating && stage.run.isAwaitingGuards)
        #expect(stage.run.reason == "Experiment is initiating: its stop conditions are being read.")
        #expect(stage.run.heldTargets == [Stage.arn("checkout")] && stage.published == [])
        #expect(stage.run.nextDue == Stage.second(61))
        #expect(stage.look(30) == [])
        let again = stage
        #expect(throws: RunRefusal.notNow(.targetsResolved, .initiating)) {
            var stage = again
            try stage.resolve([], 31)
        }
        #expect(stage.take(stage.run.guardPassed("hypothesis", at: Stage.second(32))) == [])
        let passed = stage.take(stage.run.guardPassed("stop-conditions", at: Stage.second(33)))
        #expect(
            passed == [
                "publish Delay",
                "33.0: stop-conditions  > passed Everything was read, and nothing is in the way of a fault.",
                "33.0: EXP1 initiating > running Experiment is running.",
                "33.0: Delay pending > initiating Action is initiating.",
                "33.0: Delay initiating > running ",
            ]
        )
        #expect(stage.take(stage.run.guardPassed("stop-conditions", at: Stage.second(34))) == [])
        #expect(stage.run.nextDue == Stage.second(93))
    }

    @Test func `one that is bad already stops the run before anything is published`() throws {
        var stage = try Self.waiting()
        let told = stage.take(stage.run.guardBreached("stopConditions[0]", Self.text, at: Stage.second(1)))
        #expect(
            told == [
                "1.0: stopConditions[0]  > breached \(Self.text)",
                "1.0: Delay pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "1.0: EXP1 initiating > stopping Stopping Experiment.",
            ]
        )
        stage.look(1)
        #expect(stage.run.status == .stopped && stage.published == [])
        #expect(stage.run.reason == "Experiment halted by stop condition. \(Self.text)")
    }

    @Test func `one that cannot be read before the first fault fails the run`() throws {
        var stage = try Self.waiting()
        let text = "stopConditions[0] could not be read for 15 s."
        stage.take(stage.run.guardUnreadable("stopConditions[0]", text, at: Stage.second(15)))
        #expect(stage.run.status == .failed && stage.published == [])
        #expect(stage.run.error == RunError(code: .dependentService, location: "stopConditions[0]"))
        #expect(stage.run.reason == "Experiment failed before its first fault: \(text)")
        #expect(stage.take(stage.run.guardUnreadable("stopConditions[0]", text, at: Stage.second(16))) == [])
        var begun = try Self.waiting()
        begun.take(begun.run.guardPassed("stop-conditions", at: Stage.second(1)))
        #expect(begun.take(begun.run.guardUnreadable("stopConditions[0]", text, at: Stage.second(15))) == [])
    }

    @Test func `what ended before a breach ended before it, and a run that was over is completed`() throws {
        var stage = try Self.waiting()
        stage.take(stage.run.guardPassed("stop-conditions", at: Stage.second(1)))
        let told = stage.take(stage.run.guardBreached("stopConditions[0]", Self.text, at: Stage.second(70)))
        #expect(stage.run.status == .completed && !told.contains { $0.contains("breached") })
    }

    @Test func `nobody reads it for a minute, and the run fails`() throws {
        var stage = try Self.waiting()
        stage.look(59.9)
        #expect(stage.run.status == .initiating)
        stage.look(60)
        #expect(stage.run.status == .failed && stage.published == [])
        #expect(stage.run.error == RunError(code: .internalFailure, location: "stop-conditions"))
        #expect(stage.run.reason == "No node read stop-conditions within 60 s; nothing was published.")
    }

    @Test func `a breach ends the faults as any stop does, and once`() throws {
        var stage = try Self.waiting()
        stage.take(stage.run.guardPassed("stop-conditions", at: Stage.second(1)))
        #expect(stage.published == ["Delay"])
        let told = stage.take(stage.run.guardBreached("stopConditions[0]", Self.text, at: Stage.second(9)))
        #expect(told.first == "clear Delay" && stage.published == [])
        #expect(told.contains("9.0: stopConditions[0]  > breached \(Self.text)"))
        let again = stage.take(stage.run.guardBreached("stopConditions[0]", Self.text, at: Stage.second(10)))
        #expect(again == ["note: Experiment EXP1 is already stopping; nothing was changed."])
        stage.look(10)
        #expect(stage.run.status == .stopped && stage.states == ["Delay stopped"])
    }

    @Test func `the lever, a stop and the clock end one that waits for its guard`() throws {
        var stopped = try Self.waiting()
        stopped.stop(.user, 1)
        #expect(stopped.run.status == .stopping && !stopped.run.isAwaitingGuards)
        var clocked = try Self.waiting()
        clocked.take(clocked.run.clockRanBack(at: Stage.second(1)))
        #expect(clocked.run.status == .failed && !clocked.run.isAwaitingGuards)
    }

    @Test func `a preview has no faults and needs no guard`() throws {
        var stage = Self.stage(mode: .skipAll)
        try stage.begin()
        #expect(stage.run.status == .completed)
    }

    @Test func `it is stored while it waits, and read back the same`() throws {
        let stage = try Self.waiting()
        #expect(try Run(stored: stage.run.json) == stage.run)
        #expect(stage.run.json["awaits"] == ["stop-conditions"])
        var begun = stage
        begun.take(begun.run.guardPassed("stop-conditions", at: Stage.second(1)))
        #expect(begun.run.json["awaits"] == nil)
        #expect(try Run(stored: begun.run.json) == begun.run)
    }

    @Test func `what an action asserts is looked up, and the next begins when it holds`() throws {
        var stage = Stage([Stage.assertion("Check"), Stage.fault("Delay", 60, after: ["Check"])])
        stage.look(0)
        let first = try stage.resolve().first
        #expect(first == "watch action/Check")
        #expect(stage.states == ["Check running", "Delay pending"])
        let told = stage.take(stage.run.asserted("Check", failure: nil, at: Stage.second(2)))
        #expect(told.contains("2.0: Check running > completed Action was completed."))
        #expect(stage.states == ["Check completed", "Delay running"] && stage.published == ["Delay"])
        #expect(stage.take(stage.run.asserted("Check", failure: "no", at: Stage.second(3))) == [])
        #expect(try Run(stored: stage.run.json) == stage.run)
    }

    @Test func `what does not hold fails the run, and so does what nobody looked up`() throws {
        let actions = [Stage.assertion("Check"), Stage.fault("Delay", 60)]
        var wrong = Stage(actions)
        try wrong.begin()
        wrong.take(wrong.run.asserted("Check", failure: "it is in ALARM.", at: Stage.second(2)))
        #expect(wrong.run.status == .failed && wrong.published == [])
        #expect(wrong.run.reason == "Action Check failed: it is in ALARM.")
        #expect(wrong.run.error == RunError(code: .dependentService, location: "Check"))
        var unseen = Stage(actions)
        try unseen.begin()
        unseen.look(60)
        #expect(unseen.run.status == .failed && unseen.published == [])
        #expect(unseen.run.reason == "Action Check failed: no node looked up within 60 s what it asserts.")
    }
}

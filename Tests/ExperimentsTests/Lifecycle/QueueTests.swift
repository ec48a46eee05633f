import Base
import Experiments
import Testing

/// A run that waits for its targets, and one that shares them.
@Suite struct QueueTests {
    private static let behind = "target a is held by experiment EXP9."

    private static func stage(timeout: String? = nil, _ more: [TemplateAction] = []) -> Stage {
        var template = ExperimentTemplate(
            description: "A test",
            targets: [Stage.functions],
            actions: [Stage.fault("Delay", 60)] + more,
            roleARN: "arn:aws:iam::000000000000:role/fis"
        )
        (template.options.overlapPolicy, template.options.queueTimeout) = (.queue, timeout)
        return Stage(
            Run(
                id: "EXP1",
                template: template,
                epoch: 3,
                overlap: .queue,
                createdAt: Stage.start,
                plan: Stage.plan
            )
        )
    }

    private static var found: [ResolvedTarget] {
        if case .resolved(let target) = Stage.resolved("Functions", ["b", "a"]) { [target] } else { [] }
    }

    /// One that waits since it was made.
    private static func queued(timeout: String? = nil, _ more: [TemplateAction] = []) throws -> Stage {
        var stage = stage(timeout: timeout, more)
        stage.take(try stage.run.queued(with: found, behind: behind, at: Stage.start))
        return stage
    }

    @Test func `a run whose targets are held waits, keeps what was found, and is due when it gives up`()
        throws
    {
        var stage = Self.stage(timeout: "PT30S")
        let told = stage.take(try stage.run.queued(with: Self.found, behind: Self.behind, at: Stage.start))
        #expect(told == ["0.0: EXP1  > waiting Queued: \(Self.behind)"])
        #expect(stage.run.status == .pending && stage.run.reason == "Queued: \(Self.behind)")
        #expect(stage.run.nextDue == Stage.second(30) && stage.run.queue?.targets == Self.found)
        #expect(stage.run.wantedTargets == [Stage.arn("a"), Stage.arn("b")])
        #expect(stage.run.heldTargets == [] && stage.run.targets == nil && stage.run.startedAt == nil)
        #expect(stage.look(29.999) == [] && stage.run.status == .pending)
        #expect(throws: RunRefusal.notNow(.queued, .pending)) {
            try stage.run.queued(with: [], behind: "", at: Stage.start)
        }
    }

    @Test func `where the template does not say it waits for ten minutes`() throws {
        #expect(try Self.queued().run.nextDue == Stage.second(600))
    }

    @Test func `promoted it begins as any other, and its times count from then`() throws {
        var stage = try Self.queued()
        let told = stage.take(try stage.run.promoted(at: Stage.second(20)))
        #expect(
            told == [
                "publish Delay",
                "20.0: EXP1 waiting > promoted Its targets are free.",
                "20.0: EXP1 pending > initiating Experiment is initiating.",
                "20.0: Functions pending > completed [\(Stage.arn("b")) \(Stage.arn("a"))] ",
                "20.0: EXP1 initiating > running Experiment is running.",
                "20.0: Delay pending > initiating Action is initiating.",
                "20.0: Delay initiating > running ",
            ]
        )
        #expect(stage.run.queue == nil && stage.run.startedAt == Stage.second(20))
        #expect(stage.run.heldTargets == [Stage.arn("a"), Stage.arn("b")])
        _ = stage.play()
        #expect(stage.times == ["Delay 20.0-80.0"] && stage.run.status == .completed)
        #expect(stage.run.heldTargets == [])
    }

    @Test func `one that waited too long is cancelled, and says who was in its way last`() throws {
        var stage = try Self.queued(timeout: "PT30S")
        stage.take(stage.run.waited(behind: "target b is held by experiment EXP8."))
        let told = stage.look(30)
        let why =
            "Experiment cancelled because its targets did not become free within 30 s: target b is held by experiment EXP8."
        #expect(
            told == [
                "30.0: Delay pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "30.0: EXP1 pending > cancelled \(why)",
            ]
        )
        #expect(stage.run.queue == nil && stage.run.endedAt == Stage.second(30) && stage.run.nextDue == nil)
    }

    @Test func `one whose turn comes when its time is up is cancelled, not begun`() throws {
        var stage = try Self.queued(timeout: "PT30S")
        stage.take(try stage.run.promoted(at: Stage.second(30)))
        #expect(stage.run.status == .cancelled && stage.published == [])
    }

    @Test func `it can be stopped, cancelled by the lever and failed while it waits`() throws {
        var stopped = try Self.queued()
        stopped.stop(.user, 5)
        #expect(stopped.run.status == .stopping && stopped.run.queue == nil)
        stopped.look(6)
        #expect(stopped.run.status == .stopped && stopped.states == ["Delay cancelled"])
        var halted = try Self.queued()
        halted.stop(.lever("drill"), 5)
        #expect(halted.run.status == .cancelled && halted.run.queue == nil)
        var failed = try Self.queued()
        failed.take(failed.run.clockRanBack(at: Stage.second(5)))
        #expect(failed.run.status == .failed && failed.run.queue == nil)
    }

    @Test func `a run holds what its faults are for, and nothing where none is published`() throws {
        var mixed = Stage(
            [Stage.fault("Delay", 60), Stage.fault("Skipped", 60, target: "Other"), Stage.wait("Rest", 5)],
            targets: [
                Stage.functions,
                TemplateTarget(
                    name: "Other",
                    resourceType: "aws:lambda:function",
                    resourceTags: [Tag("a", "b")]
                ),
            ],
            emptyTargets: .skip
        )
        try mixed.begin([Stage.resolved(), Stage.resolved("Other", [])])
        #expect(mixed.run.heldTargets == [Stage.arn("checkout")])
        // The hold lasts until the run's end, not until the fault's.
        var staggered = Stage([Stage.fault("Delay", 5), Stage.wait("Rest", 60)])
        try staggered.begin()
        staggered.look(30)
        #expect(staggered.states == ["Delay completed", "Rest running"])
        #expect(staggered.run.heldTargets == [Stage.arn("checkout")])
        var preview = Stage([Stage.fault("Delay", 60)], mode: .skipAll)
        try preview.begin()
        #expect(preview.run.heldTargets == [])
        var waiting = Stage([Stage.wait("Rest", 60)])
        try waiting.begin()
        #expect(waiting.run.status == .running && waiting.run.heldTargets == [])
    }

    @Test func `others on its targets are told of once, and change nothing`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        let before = stage.run
        #expect(
            stage.take(stage.run.overlapped("EXP9 is there.", at: Stage.second(1))) == [
                "1.0: EXP1  > overlapping EXP9 is there."
            ]
        )
        #expect(stage.take(stage.run.overlapped("EXP9 is there.", at: Stage.second(2))) == [])
        #expect(stage.run.overlaps == ["EXP9 is there."] && stage.run.status == before.status)
        #expect(stage.run.actions == before.actions)
        #expect(try Run(stored: stage.run.json) == stage.run)
    }

    @Test func `a queued run comes back from its text as it was`() throws {
        let run = try Self.queued(timeout: "PT30S").run
        #expect(try Run(stored: JSON(parsing: run.json.encoded)) == run)
    }

    @Test func `a run of a version without policies shares its targets and waits for nobody`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        let old = stage.run.json.replacing(["overlap"], with: nil)
        #expect(try Run(stored: old) == stage.run && stage.run.overlap == .allow)
    }

    @Test func `a run that waits and runs at once is refused`() throws {
        let queue = try #require(try Self.queued().run.json["queue"])
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        guard case .object(let members) = stage.run.json else { return #expect(Bool(false)) }
        let error = #expect(throws: StoredFormError.self) {
            try Run(stored: .object(members + [.init("queue", queue)]))
        }
        #expect(error?.description == "run.queue: does not go with status running")
    }

    @Test func `the experiment log tells of neither`() throws {
        var stage = try Self.queued()
        stage.take(stage.run.overlapped("EXP9 is there.", at: Stage.second(1)))
        let log = ExperimentLog(
            experimentID: "EXP1",
            templateID: "EXT1",
            accountID: "000000000000",
            template: stage.run.template
        )
        #expect(stage.events.count == 3 && log.records(stage.events) == [])
    }
}

import Base
import Experiments
import Testing

/// What a run keeps and tells of its hypothesis.
@Suite struct RunHypothesisTests {
    private static let hypothesis = Hypothesis(probes: [
        .init(name: "errors", source: "prometheus", value: "errors > 5"),
        .init(name: "queue", source: "prometheus", value: "queue > 5"),
    ])

    private static func run(mode: Run.ActionsMode = .runAll, _ actions: [TemplateAction]? = nil) -> Run {
        let template = ExperimentTemplate(
            description: "A test",
            targets: [Stage.functions],
            actions: actions ?? [Stage.fault("Delay", 60), Stage.wait("Rest", 30, after: ["Delay"])],
            roleARN: "arn:aws:iam::000000000000:role/fis",
            hypothesis: hypothesis
        )
        return Run(
            id: "EXP1",
            template: template,
            epoch: 3,
            mode: mode,
            createdAt: Stage.start,
            plan: Stage.plan
        )
    }

    private static func deviation(_ probe: String, _ seconds: Double) -> Deviation {
        Deviation(probe: probe, at: Stage.second(seconds), text: "\(probe) is 7.")
    }

    /// A run past where it waits for its probes to be read.
    private static func begun() throws -> Stage {
        var stage = Stage(run())
        try stage.begin()
        if stage.run.isAwaitingGuards {
            stage.take(stage.run.guardPassed(GuardName.hypothesis, at: Stage.second(0)))
        }
        #expect(stage.run.status == .running)
        return stage
    }

    @Test func `the first deviation of each probe is kept and told, whatever the status`() throws {
        var stage = try Self.begun()
        #expect(stage.run.hypothesis?.deviations == [] && stage.run.hypothesis?.verdict == nil)
        let first = stage.take(stage.run.probeDeviated(Self.deviation("errors", 4), at: Stage.second(5)))
        #expect(first == ["5.0: errors  > deviated errors is 7."])
        #expect(stage.take(stage.run.probeDeviated(Self.deviation("errors", 6), at: Stage.second(7))) == [])
        #expect(stage.run.status == .running && stage.published == ["Delay"])
        // What fell due before is told before.
        let late = stage.take(stage.run.probeDeviated(Self.deviation("queue", 90), at: Stage.second(91)))
        #expect(
            late == [
                "clear Delay", "60.0: Delay running > completed Action was completed.",
                "60.0: Rest pending > initiating Action is initiating.", "60.0: Rest initiating > running ",
                "90.0: Rest running > completed Action was completed.",
                "90.0: EXP1 running > completed Experiment completed.", "91.0: queue  > deviated queue is 7.",
            ]
        )
        #expect(
            stage.run.hypothesis?.deviations == [Self.deviation("errors", 4), Self.deviation("queue", 90)]
        )
        #expect(stage.run.status == .completed && stage.run.endedAt == Stage.second(90))
        #expect(stage.run.faultsEndedAt == Stage.second(60))
        #expect(try Run(stored: JSON(parsing: stage.run.json.encoded)) == stage.run)
    }

    @Test func `the verdict comes after the end, once, and ends the matter`() throws {
        var stage = try Self.begun()
        _ = stage.play()
        let judgement = HypothesisJudgement(
            .deviated,
            recovery: .milliseconds(4_200),
            reason: "It took 4.2 s."
        )
        let told = stage.take(stage.run.hypothesisJudged(judgement, at: Stage.second(100)))
        #expect(told == ["100.0: EXP1  > deviated It took 4.2 s."])
        #expect(stage.events.last?.kind == .hypothesisJudged)
        let other = HypothesisJudgement(.held, reason: "No.")
        #expect(stage.take(stage.run.hypothesisJudged(other, at: Stage.second(101))) == [])
        #expect(stage.take(stage.run.probeDeviated(Self.deviation("errors", 4), at: Stage.second(102))) == [])
        #expect(stage.run.hypothesis?.verdict == .deviated)
        #expect(stage.run.hypothesis?.recovery == .milliseconds(4_200))
        #expect(stage.run.status == .completed && stage.run.endedAt == Stage.second(90))
        #expect(try Run(stored: JSON(parsing: stage.run.json.encoded)) == stage.run)
        #expect(stage.run.timePassed(at: Stage.second(200)) == RunAnswer())
    }

    private static let unbegun: [Case<@Sendable (inout Stage) throws -> [String], String>] = [
        Case("stopped while pending", { stage in stage.stop(.user, 1) + stage.look(2) }, "stopped"),
        Case("cancelled by the lever", { stage in stage.stop(.lever("drill"), 1) }, "cancelled"),
        Case(
            "targets that there are not",
            { stage in
                stage.look(1)
                return try stage.resolve([Stage.resolved("Functions", [])], 2)
            },
            "failed"
        ),
    ]

    @Test(arguments: unbegun) func `a run of which nothing began is not evaluated`(
        _ row: Case<@Sendable (inout Stage) throws -> [String], String>
    ) throws {
        var stage = Stage(Self.run())
        let told = try row.input(&stage)
        #expect(stage.run.status.rawValue == row.output)
        #expect(
            told.suffix(1) == ["2.0: EXP1  > not evaluated Nothing began, so that nothing was shown."]
                || told.suffix(1) == ["1.0: EXP1  > not evaluated Nothing began, so that nothing was shown."]
        )
        #expect(stage.run.hypothesis?.verdict == .notEvaluated)
        #expect(try Run(stored: JSON(parsing: stage.run.json.encoded)) == stage.run)
    }

    @Test func `a preview is not evaluated`() throws {
        var stage = Stage(Self.run(mode: .skipAll))
        try stage.begin()
        #expect(stage.run.status == .completed && stage.run.hypothesis?.verdict == .notEvaluated)
    }

    @Test func `a probe outside before the first fault stops the run, and nothing is published`() throws {
        var stage = Stage(Self.run())
        try stage.begin()
        let text = #"probe "errors", prometheus "errors > 5": 1 element."#
        let told = stage.take(stage.run.steadyStateMissing("errors", text, at: Stage.second(1)))
        #expect(
            told == [
                "1.0: errors  > breached \(text)",
                "1.0: Delay pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "1.0: Rest pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "1.0: EXP1 initiating > stopping Stopping Experiment.",
            ]
        )
        #expect(try Run(stored: JSON(parsing: stage.run.json.encoded)) == stage.run)
        stage.look(2)
        #expect(stage.run.status == .stopped && stage.published == [])
        #expect(stage.run.reason == "Experiment stopped before its first fault: \(text)")
        #expect(stage.run.hypothesis?.verdict == .notEvaluated)
        #expect(stage.run.hypothesis?.deviations == [])
        #expect(stage.take(stage.run.steadyStateMissing("errors", text, at: Stage.second(3))) == [])
        var begun = Stage(Self.run())
        try begun.begin()
        for name in begun.run.awaits { begun.take(begun.run.guardPassed(name, at: Stage.second(1))) }
        #expect(begun.take(begun.run.steadyStateMissing("errors", text, at: Stage.second(3))) == [])
        #expect(begun.run.status == .running)
    }

    @Test func `a run without a hypothesis takes no notice`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        #expect(stage.run.hypothesis == nil)
        #expect(stage.take(stage.run.probeDeviated(Self.deviation("errors", 1), at: Stage.second(1))) == [])
        let judgement = HypothesisJudgement(.held, reason: "Yes.")
        #expect(stage.take(stage.run.hypothesisJudged(judgement, at: Stage.second(2))) == [])
        stage.stop(.user, 3)
        stage.look(4)
        #expect(stage.run.status == .stopped && stage.events.allSatisfy { $0.kind != .hypothesisJudged })
    }

    /// Whatever happens to a run, what its probes say changes nothing but its hypothesis.
    @Test(arguments: 0..<6) func `probes move no run`(seed: Int) throws {
        var walk = RandomWalk(seed: UInt64(seed))
        var generator = SplitMix64(seed: UInt64(seed) &+ 77)
        for _ in 0..<100 {
            let actions = [
                Stage.fault("A0", 20), Stage.wait("A1", 30, after: ["A0"]),
                Stage.fault("A2", 5, after: ["A1"]),
            ]
            var run = Self.run(actions)
            var judged = 0
            for _ in 0..<40 {
                var answer = walk.step(&run) ?? RunAnswer()
                if run.isAwaitingGuards { _ = run.guardPassed(GuardName.hypothesis, at: run.changedAt) }
                let before = run
                let at = run.changedAt
                switch generator.draw(below: 12) {
                case 0..<4:
                    let deviation = Deviation(
                        probe: ["errors", "queue"][generator.draw(below: 2)],
                        at: at,
                        text: "x"
                    )
                    answer.recorded += run.probeDeviated(deviation, at: at).recorded
                case 4 where run.status.isFinal:
                    let verdict = HypothesisVerdict.allCases[generator.draw(below: 3)]
                    answer.recorded +=
                        run.hypothesisJudged(HypothesisJudgement(verdict, reason: "x"), at: at).recorded
                default: break
                }
                judged += answer.recorded.count { $0.kind == .hypothesisJudged }
                #expect(run.hypothesis?.deviations.count ?? 0 <= 2)
                #expect(
                    run.status == before.status || run.status.isFinal
                        || before.nextDue.map { $0 <= at } ?? false
                )
                #expect(try Run(stored: JSON(parsing: run.json.encoded)) == run)
            }
            #expect(judged <= 1 && (judged == 1) == (run.hypothesis?.verdict != nil))
        }
    }
}

import Base
import Experiments
import Testing

@Suite struct StoredTests {
    /// A run with something in every place.
    static func full() throws -> Run {
        var template = ExperimentTemplate(
            description: "All of it \"quoted\"\n",
            targets: [
                TemplateTarget(
                    name: "Functions",
                    resourceType: "aws:lambda:function",
                    resourceTags: [Tag("env", "")],
                    filters: [.init(path: "Runtime", values: ["swift", "python"])],
                    parameters: [.init("functionQualifier", "live")],
                    selection: .percent(50)
                ),
                TemplateTarget(
                    name: "Named",
                    resourceType: "aws:lambda:function",
                    resourceARNs: [Stage.arn("b")],
                    selection: .count(1)
                ),
            ],
            actions: [
                Stage.fault("Delay", 60), Stage.wait("Rest", 5, after: ["Delay"]),
                TemplateAction(
                    name: "Other",
                    actionID: "aws:fis:wait",
                    description: "Waits.",
                    startAfter: ["Delay"]
                ),
            ],
            stopConditions: [.none, StopCondition(source: "prometheus", value: "up == 0")],
            roleARN: "arn:aws:iam::000000000000:role/fis",
            tags: [Tag("team", "x")],
            logConfiguration: LogConfiguration(
                schemaVersion: 2,
                logGroupARN: "arn:aws:logs:us-east-1:000000000000:log-group:fis:*",
                bucket: .init(name: "logs", prefix: "fis")
            ),
            reportConfiguration: ReportConfiguration(
                bucket: .init(name: "reports"),
                dashboards: ["arn:aws:cloudwatch::000000000000:dashboard/d"],
                before: "PT20M",
                after: "PT5M"
            ),
            hypothesis: Hypothesis(
                title: "It answers",
                probes: [
                    .init(
                        name: "up",
                        source: "prometheus",
                        value: "up",
                        tolerance: Tolerance(min: 0.5, max: 1)
                    )
                ]
            )
        )
        template.options.accountTargeting = .multiple
        template.options.emptyTargets = .skip
        var run = Run(id: "EXP1", template: template, epoch: 3, createdAt: Stage.start, plan: Stage.plan)
        _ = run.timePassed(at: Stage.second(0.25))
        let target = ResolvedTarget(
            name: "Functions",
            resourceType: "aws:lambda:function",
            arns: [Stage.arn("a")],
            explanation: "1 of 2 functions has tag env=.",
            seed: .max,
            parameters: [.init("functionQualifier", "live")]
        )
        _ = try run.targetsResolved(
            ResolutionOutcome([.resolved(target), Stage.resolved("Named", ["b"])]),
            at: Stage.second(0.5)
        )
        for name in run.awaits { _ = run.guardPassed(name, at: Stage.second(0.5)) }
        _ = run.probeDeviated(
            Deviation(probe: "up", at: Stage.second(0.6), text: "0"),
            at: Stage.second(0.75)
        )
        return run
    }

    @Test func `a run comes back from its text as it was, at each of its ends`() throws {
        var runs = [try Self.full()]
        for cause in [StopCause.user, .stopCondition("Breached."), .steadyState("Not up."), .lever("drill")] {
            var stopped = runs[0]
            _ = stopped.stopRequested(cause, at: Stage.second(1))
            runs.append(stopped)
            _ = stopped.timePassed(at: Stage.second(2))
            runs.append(stopped)
            let judgement = HypothesisJudgement(.deviated, recovery: .milliseconds(1_500), reason: "Late.")
            _ = stopped.hypothesisJudged(judgement, at: Stage.second(3))
            runs.append(stopped)
        }
        var failed = runs[0]
        _ = try failed.actionFailed("Delay", code: .authorization, reason: "No.", at: Stage.second(1))
        runs.append(failed)
        var refused = Stage([Stage.fault("A", 60)]).run
        let error = RunError(accountID: "111122223333", code: .dependentService, location: "stopConditions")
        _ = try refused.startRefused(error, reason: "It cannot be read.", at: Stage.second(1))
        runs.append(refused)
        for status in [Stage([Stage.unsupported("A")]), Stage([], mode: .skipAll)] { runs.append(status.run) }
        for run in runs {
            let text = run.json.encoded
            let read = try Run(stored: JSON(parsing: text))
            #expect(read == run)
            #expect(read.json.encoded == text)
        }
    }

    @Test func `events come back as they were`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        _ = stage.play()
        for event in stage.events {
            #expect(try RunEvent(stored: JSON(parsing: event.json.encoded)) == event)
        }
        #expect(
            stage.events.prefix(3).map { String(decoding: $0.json.encoded, as: UTF8.self) } == [
                #"{"kind":"experiment.state-changed","subject":"EXP1","from":null,"to":"pending","#
                    + #""reason":"Experiment is pending.","at":1790000000000000000}"#,
                #"{"kind":"experiment.state-changed","subject":"EXP1","from":"pending","to":"initiating","#
                    + #""reason":"Experiment is initiating.","at":1790000000000000000}"#,
                #"{"kind":"target.resolved","subject":"Functions","from":"pending","to":"completed","#
                    + #""reason":"","at":1790000000000000000,"resources":["\#(Stage.arn("checkout"))"]}"#,
            ]
        )
    }

    /// Where something is put into a stored run: names and places with dots between, and what.
    private static let damages: [Row<(String, JSON?), String>] = [
        Row("no id", ("id", nil), "run.id: is missing"),
        Row("a number for a text", ("reason", 1), "run.reason: is a number, not a string"),
        Row("an unknown status", ("status", "resting"), "run.status: \"resting\" is unknown"),
        Row("half a nanosecond", ("createdAt", .number(0.5)), "run.createdAt: is not a whole number"),
        Row("a text for an object", ("limits", "none"), "run.limits: is a string, not an object"),
        Row(
            "no places",
            ("limits.parallelActions", 0),
            "run.limits.parallelActions: is 0, which lets nothing run"
        ),
        Row("an object for a list", ("actions", .object([])), "run.actions: is an object, not an array"),
        Row("no actions", ("actions", []), "run.actions: are not those of the template"),
        Row("an action's name", ("actions.0.name", "X"), "run.actions: are not those of the template"),
        Row(
            "an action's status",
            ("actions.1.status", true),
            "run.actions[1].status: is a boolean, not a string"
        ),
        Row(
            "an action's plan",
            ("actions.0.plan.kind", "guess"),
            "run.actions[0].plan.kind: \"guess\" is unknown"
        ),
        Row(
            "texts that are not",
            ("targets.0.arns", [1]),
            "run.targets[0].arns: holds something that is not a string"
        ),
        Row("a seed that is none", ("targets.0.seed", "-1"), "run.targets[0].seed: is not a number"),
        Row("an end too early", ("endedAt", 1), "run.endedAt: does not go with status running"),
        Row(
            "an end that is missing",
            ("status", "completed"),
            "run.endedAt: does not go with status completed"
        ),
        Row(
            "an error of a run that has none",
            ("error", ["code": "InvalidTarget", "location": "x"]),
            "run.error: does not go with status running"
        ),
        Row("no start", ("startedAt", .null), "run.startedAt: is missing in status running"),
        Row("no targets", ("targets", .null), "run.targets: are missing in status running"),
        Row("no times", ("actions.0.endsAt", .null), "run.actions.Delay: is running without its times"),
        Row(
            "an end of what has not ended",
            ("actions.0.endedAt", 5),
            "run.actions.Delay: has an end that does not go with status running"
        ),
        Row(
            "an action that outlives its run",
            ("status", "stopping"),
            "run.actions.Delay: is running in an experiment that is stopping"
        ),
        Row(
            "a verdict that is none",
            ("hypothesis", ["deviations": [], "verdict": "perhaps"]),
            "run.hypothesis.verdict: \"perhaps\" is unknown"
        ),
        Row(
            "a deviation of nothing",
            ("hypothesis.deviations.0.probe", nil),
            "run.hypothesis.deviations[0].probe: is missing"
        ),
        Row(
            "a template's role",
            ("template.roleArn", 7),
            "run.template: is none that this version can read: "
                + "roleArn is a number: an ARN of 20 to 2048 characters is accepted."
        ),
    ]

    @Test(arguments: damages) func `a stored run that contradicts itself is refused, and where is said`(
        _ row: Row<(String, JSON?), String>
    ) throws {
        let damaged = try Self.full().json.replacing(
            row.input.0.split(separator: ".")[...],
            with: row.input.1
        )
        do throws(StoredFormError) {
            _ = try Run(stored: damaged)
            Issue.record("it was read")
        } catch {
            #expect(error.description == row.output)
        }
    }

    @Test func `what a newer version added is passed over`() throws {
        let run = try Self.full()
        guard case .object(let members) = run.json else { return #expect(Bool(false)) }
        #expect(try Run(stored: .object(members + [.init("colour", "red")])) == run)
    }

    @Test func `what is not an object is no run and no event`() {
        #expect(throws: StoredFormError.self) { try Run(stored: []) }
        #expect(throws: StoredFormError.self) { try RunEvent(stored: "x") }
    }

    /// Damaged at will, a stored run is read or refused, and one that is read takes every event without a trap.
    @Test(arguments: 0..<4) func `damaged runs are refused or carried on`(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let whole = try Self.full().json
        var read = 0
        for _ in 0..<1_000 {
            var damaged = whole
            for _ in 0...generator.draw(below: 2) { damaged = damaged.damaged(&generator) }
            guard var run = try? Run(stored: damaged) else { continue }
            read += 1
            #expect(try Run(stored: JSON(parsing: run.json.encoded)) == run)
            var walk = RandomWalk(seed: UInt64(read))
            for _ in 0..<12 { _ = walk.step(&run) }
            _ = run.stopRequested(.user, at: Stage.second(0))
            _ = run.timePassed(at: Timestamp(nanoseconds: .max))
            #expect(run.status.isFinal)
            _ = run.faults(on: Stage.arn("a")).map(\.json.encoded)
        }
        #expect(read > 40, "the damage is so great that nothing is ever read")
    }
}

extension JSON {
    /// This value with another at that place, or without it.
    func replacing(_ path: ArraySlice<Substring>, with value: JSON?) -> JSON {
        guard let name = path.first else { return value ?? .null }
        switch self {
        case .object(let members):
            return .object(
                members.compactMap { member in
                    guard member.name == name else { return member }
                    if path.count == 1, value == nil { return nil }
                    return Member(member.name, member.value.replacing(path.dropFirst(), with: value))
                }
            )
        case .array(let elements):
            return .array(
                elements.enumerated().map { place, element in
                    "\(place)" == name ? element.replacing(path.dropFirst(), with: value) : element
                }
            )
        case .null, .bool, .integer, .number, .string: return self
        }
    }

    /// This value with one part somewhere in it changed.
    func damaged(_ generator: inout SplitMix64) -> JSON {
        switch self {
        case .object(var members):
            guard !members.isEmpty, generator.draw(below: 8) > 0 else { return Self.anything(&generator) }
            let place = generator.draw(below: members.count)
            if generator.draw(below: 20) == 0 {
                members.remove(at: place)
            } else {
                members[place].value = members[place].value.damaged(&generator)
            }
            return .object(members)
        case .array(var elements):
            guard !elements.isEmpty, generator.draw(below: 8) > 0 else { return Self.anything(&generator) }
            let place = generator.draw(below: elements.count)
            switch generator.draw(below: 10) {
            case 0: elements.remove(at: place)
            case 1: elements.append(elements[place])
            default: elements[place] = elements[place].damaged(&generator)
            }
            return .array(elements)
        case .null, .bool, .integer, .number, .string: return Self.anything(&generator)
        }
    }

    private static func anything(_ generator: inout SplitMix64) -> JSON {
        let words =
            RunStatus.allCases.map(\.rawValue) + ActionStatus.allCases.map(\.rawValue)
            + ["", "Delay", "Rest", "é\u{301}", "wait", "fault", "18446744073709551616", Stage.arn("a")]
        let numbers: [Int64] = [0, 1, -1, .min, .max, 1_790_000_000_000_000_000]
        switch generator.draw(below: 8) {
        case 0: return .null
        case 1: return .number(Double(generator.draw(below: 100)) / 8)
        case 2: return []
        case 3: return .object([])
        case 4: return .integer(numbers[generator.draw(below: numbers.count)])
        default: return .string(words[generator.draw(below: words.count)])
        }
    }
}

import Base
import Experiments
import Testing

@Suite struct FailureTests {
    private static let cancelled = "Action was cancelled because the experiment ended before it could start."

    @Test func `the first action that fails fails the run, stops its siblings and cancels the rest`() throws {
        var stage = Stage([
            Stage.fault("A", 60), Stage.fault("B", 60), Stage.wait("C", 10),
            Stage.fault("D", 60, after: ["A"]),
        ])
        try stage.begin()
        let answer = try stage.run.actionFailed(
            "B",
            code: .authorization,
            reason: "Not allowed.",
            at: Stage.second(20)
        )
        #expect(
            stage.take(answer) == [
                "clear B A",
                "10.0: C running > completed Action was completed.",
                "20.0: B running > failed Not allowed.",
                "20.0: A running > stopping Stopping action.",
                "20.0: A stopping > stopped Action was stopped because the experiment ended.",
                "20.0: D pending > cancelled \(Self.cancelled)",
                "20.0: EXP1 running > failed Action B failed: Not allowed.",
            ]
        )
        #expect(stage.run.error == RunError(code: .authorization, location: "B"))
        #expect(stage.published == [] && stage.run.nextDue == nil)
        #expect(throws: RunRefusal.notNow(.actionFailed, .failed)) {
            try stage.run.actionFailed("A", code: .internalFailure, reason: "Late.", at: Stage.second(21))
        }
        #expect(stage.run.error?.location == "B")
    }

    @Test func `an action that fails after its time fails all the same`() throws {
        var stage = Stage([Stage.fault("A", 60), Stage.fault("B", 60)])
        try stage.begin()
        stage.take(
            try stage.run.actionFailed("A", code: .internalFailure, reason: "Gone.", at: Stage.second(90))
        )
        #expect(stage.times == ["A 0.0-90.0", "B 0.0-60.0"])
        #expect(stage.states == ["A failed", "B completed"])
    }

    @Test func `an action nobody can perform fails the run before anything is published`() throws {
        var stage = Stage([Stage.fault("A", 60), Stage.unsupported("StopThem", after: ["A"])])
        stage.look(0)
        let reason = "no executor for aws:ec2:stop-instances: no registered agent can perform it."
        #expect(
            try stage.resolve() == [
                "0.0: Functions pending > completed [\(Stage.arn("checkout"))] ",
                "0.0: StopThem pending > failed \(reason)",
                "0.0: A pending > cancelled \(Self.cancelled)",
                "0.0: EXP1 initiating > failed Action StopThem failed: \(reason)",
            ]
        )
        #expect(stage.run.error == RunError(code: .configuration, location: "StopThem"))
    }

    @Test func `an action nobody can perform is skipped where its target is empty and may be`() throws {
        let other = TemplateTarget(
            name: "Other",
            resourceType: "aws:ec2:instance",
            resourceTags: [Tag("a", "b")]
        )
        var stage = Stage(
            [Stage.fault("A", 60), Stage.unsupported("StopThem", target: "Other")],
            targets: [Stage.functions, other],
            emptyTargets: .skip
        )
        stage.look(0)
        try stage.resolve([Stage.resolved(), Stage.resolved("Other", [])])
        #expect(stage.states == ["A running", "StopThem skipped"])
    }

    private static let named = TemplateTarget(
        name: "Functions",
        resourceType: "aws:lambda:function",
        resourceARNs: [Stage.arn("checkout")]
    )

    private static let quota = ResolutionFailure(
        target: "Functions",
        code: .quotaExceeded,
        reason: "Too many."
    )

    struct Lookup: Sendable {
        var target = Stage.functions
        var emptyTargets = ExperimentOptions.EmptyTargets.fail
        var result: TargetResult?
    }

    private static let lookups: [Row<Lookup, (RunError.Code, String)>] = [
        Row(
            "nothing found",
            Lookup(result: Stage.resolved("Functions", [])),
            (.invalidTarget, "Target resolution returned empty set. No functions are known.")
        ),
        Row(
            "nothing left of what was named, although targets may be empty",
            Lookup(target: named, emptyTargets: .skip, result: Stage.resolved("Functions", [])),
            (.invalidTarget, "Target resolution returned empty set. No functions are known.")
        ),
        Row("a refusal", Lookup(emptyTargets: .skip, result: .failed(quota)), (.quotaExceeded, "Too many.")),
        Row("no answer at all", Lookup(), (.internalFailure, "Target Functions was not looked for.")),
    ]

    @Test(arguments: lookups) func `targets that are not found fail the run before it begins`(
        _ row: Row<Lookup, (RunError.Code, String)>
    ) throws {
        let (code, reason) = row.output
        var stage = Stage(
            [Stage.fault("A", 60)],
            targets: [row.input.target],
            emptyTargets: row.input.emptyTargets
        )
        stage.look(0)
        #expect(
            try stage.resolve([row.input.result].compactMap(\.self), 1) == [
                "1.0: Functions pending > failed \(reason)",
                "1.0: A pending > cancelled \(Self.cancelled)",
                "1.0: EXP1 initiating > failed \(reason)",
            ]
        )
        #expect(stage.run.error == RunError(code: code, location: "Functions"))
    }

    @Test func `a start that is refused tells why and where`() throws {
        var stage = Stage([Stage.fault("A", 60)])
        stage.look(0)
        let error = RunError(accountID: "111122223333", code: .dependentService, location: "stopConditions")
        #expect(
            stage.take(
                try stage.run.startRefused(error, reason: "Prometheus was not reached.", at: Stage.second(15))
            ) == [
                "15.0: A pending > cancelled \(Self.cancelled)",
                "15.0: EXP1 initiating > failed Prometheus was not reached.",
            ]
        )
        #expect(stage.run.error == error)
    }

    @Test func `a clock that ran back ends everything`() throws {
        var stage = Stage([Stage.fault("A", 60), Stage.wait("B", 60, after: ["A"])])
        try stage.begin()
        let reason =
            "The database's clock ran back, so that the run's times can no longer be trusted; all its faults were cleared."
        #expect(
            stage.take(stage.run.clockRanBack(at: Stage.second(-3_600))) == [
                "clear A",
                "0.0: A running > stopping Stopping action.",
                "0.0: A stopping > stopped Action was stopped because the experiment ended.",
                "0.0: B pending > cancelled \(Self.cancelled)",
                "0.0: EXP1 running > failed \(reason)",
            ]
        )
        #expect(stage.run.error == RunError(code: .internalFailure, location: "experiment"))
    }

    @Test func `actions that wait for each other fail the run instead of holding it for ever`() throws {
        var stage = Stage([
            Stage.wait("A", 10), Stage.fault("B", 60, after: ["C"]), Stage.fault("C", 60, after: ["B"]),
            Stage.wait("D", 5, after: ["Nobody"]),
        ])
        try stage.begin()
        stage.look(10)
        #expect(stage.run.status == .failed)
        #expect(stage.run.reason == "Nothing is running that these actions could start after: B, C, D.")
        #expect(stage.run.error == RunError(code: .internalFailure, location: "experiment"))
    }
}

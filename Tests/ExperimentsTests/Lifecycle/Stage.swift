import Base
import Experiments

/// A run on a stage: time is moved by hand, and everything that comes of it is kept and told in lines.
struct Stage {
    static let start = Timestamp(nanoseconds: 1_790_000_000_000_000_000)

    var run: Run
    private(set) var events: [RunEvent]
    /// What is in documents now.
    private(set) var published: Set<String> = []
    /// What was had begin earlier than it was to, in order.
    private(set) var advanced: [String] = []

    init(_ run: Run) {
        self.run = run
        events = [run.creation]
    }

    init(
        _ actions: [TemplateAction],
        targets: [TemplateTarget] = [Stage.functions],
        emptyTargets: ExperimentOptions.EmptyTargets = .fail,
        mode: Run.ActionsMode = .runAll,
        limits: RunLimits = RunLimits()
    ) {
        var template = ExperimentTemplate(
            description: "A test",
            targets: targets,
            actions: actions,
            roleARN: "arn:aws:iam::000000000000:role/fis"
        )
        template.options.emptyTargets = emptyTargets
        self.init(
            Run(
                id: "EXP1",
                template: template,
                epoch: 3,
                mode: mode,
                limits: limits,
                createdAt: Stage.start,
                plan: Stage.plan
            )
        )
    }

    static func second(_ seconds: Double) -> Timestamp { start + .milliseconds(Int64(seconds * 1_000)) }
}

// What is on the stage.
extension Stage {
    static let functions = TemplateTarget(
        name: "Functions",
        resourceType: "aws:lambda:function",
        resourceTags: [Tag("env", "prod")]
    )

    /// A fault that nobody need hold, unless it is said that somebody must.
    static func fault(
        _ name: String,
        _ seconds: Int,
        after: [String] = [],
        target: String = "Functions",
        ifUnheld: String = "complete",
        parameters: [TemplateAction.Parameter] = []
    ) -> TemplateAction {
        TemplateAction(
            name: name,
            actionID: "aws:lambda:invocation-add-delay",
            parameters: [.init("duration", "PT\(seconds)S"), .init("ifUnheld", ifUnheld)] + parameters,
            targets: [.init("Functions", target)],
            startAfter: after
        )
    }

    static func wait(_ name: String, _ seconds: Int, after: [String] = []) -> TemplateAction {
        TemplateAction(
            name: name,
            actionID: "aws:fis:wait",
            parameters: [.init("duration", "PT\(seconds)S")],
            startAfter: after
        )
    }

    static func assertion(_ name: String, after: [String] = []) -> TemplateAction {
        TemplateAction(name: name, actionID: "aws:cloudwatch:assert-alarm-state", startAfter: after)
    }

    static func unsupported(
        _ name: String,
        after: [String] = [],
        target: String = "Functions"
    ) -> TemplateAction {
        TemplateAction(
            name: name,
            actionID: "aws:ec2:stop-instances",
            targets: [.init("Instances", target)],
            startAfter: after
        )
    }

    static func plan(_ action: TemplateAction) -> ActionPlan {
        let seconds = action.parameter("duration").flatMap { Int64($0.dropFirst(2).dropLast()) } ?? 0
        switch action.actionID {
        case "aws:fis:wait": return .wait(.seconds(seconds))
        case "aws:lambda:invocation-add-delay": return .fault(.seconds(seconds))
        case "aws:cloudwatch:assert-alarm-state": return .assertion
        default: return .unsupported("no registered agent can perform it.")
        }
    }

    static func arn(_ name: String) -> String { "arn:aws:lambda:us-east-1:000000000000:function:\(name)" }

    static func resolved(_ name: String = "Functions", _ functions: [String] = ["checkout"]) -> TargetResult {
        .resolved(
            ResolvedTarget(
                name: name,
                resourceType: "aws:lambda:function",
                arns: functions.map(arn),
                explanation: functions.isEmpty ? "No functions are known." : "1 function is known."
            )
        )
    }
}

// What happens on it.
extension Stage {
    /// Takes an answer in, and tells it: effects first, then every event with its time and reason.
    @discardableResult mutating func take(_ answer: RunAnswer) -> [String] {
        events += answer.recorded
        for effect in answer.effects {
            switch effect {
            case .resolveTargets, .watch: break
            case .clear(let names): published.subtract(names)
            case .publish(let names): published.formUnion(names)
            case .advance(let names): advanced += names
            }
        }
        return Self.lines(answer)
    }

    static func lines(_ answer: RunAnswer) -> [String] {
        answer.effects.map(line) + answer.recorded.map(line) + (answer.note.map { ["note: \($0)"] } ?? [])
    }

    private static func line(_ effect: RunEffect) -> String {
        switch effect {
        case .resolveTargets: "resolve"
        case .watch(let names): "watch \(names.joined(separator: " "))"
        case .clear(let names): "clear \(names.joined(separator: " "))"
        case .publish(let names): "publish \(names.joined(separator: " "))"
        case .advance(let names): "advance \(names.joined(separator: " "))"
        }
    }

    private static func line(_ event: RunEvent) -> String {
        let found = event.resources.isEmpty ? "" : " [\(event.resources.joined(separator: " "))]"
        return
            "\((event.at - start).inSeconds): \(event.subject) \(event.from ?? "") > \(event.to)\(found) \(event.reason)"
    }

    @discardableResult mutating func look(_ seconds: Double) -> [String] {
        take(run.timePassed(at: Self.second(seconds)))
    }

    @discardableResult mutating func count(
        _ action: String,
        _ counts: CoverageCounts,
        _ seconds: Double
    ) -> [String] {
        take(run.covered(action, counts, at: Self.second(seconds)))
    }

    @discardableResult mutating func stop(_ cause: StopCause = .user, _ seconds: Double) -> [String] {
        take(run.stopRequested(cause, at: Self.second(seconds)))
    }

    @discardableResult mutating func resolve(
        _ results: [TargetResult] = [Stage.resolved()],
        _ seconds: Double = 0
    ) throws -> [String] {
        take(try run.targetsResolved(ResolutionOutcome(results), at: Self.second(seconds)))
    }

    /// Takes the run to where its first actions run.
    mutating func begin(_ results: [TargetResult] = [Stage.resolved()]) throws {
        look(0)
        try resolve(results)
    }

    /// Looks whenever something is due, until nothing is; tells each look's lines.
    mutating func play() -> [[String]] {
        var told: [[String]] = []
        while let due = run.nextDue, told.count < 1_000 { told.append(take(run.timePassed(at: due))) }
        return told
    }

    /// As in `Delay running`.
    var states: [String] { run.actions.map { "\($0.name) \($0.status.rawValue)" } }

    /// When actions ran, in seconds: `Delay 0.0-60.0`.
    var times: [String] {
        run.actions.map { action in
            let (from, to) = (action.startedAt, action.endedAt)
            let shown = [from, to].map { $0.map { "\(($0 - Stage.start).inSeconds)" } ?? "" }
            return "\(action.name) \(shown.joined(separator: "-"))"
        }
    }
}

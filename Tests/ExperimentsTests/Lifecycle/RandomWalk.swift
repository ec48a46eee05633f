import Base
import Experiments

/// A template and a way through a run, both drawn from a seed.
struct RandomWalk {
    private(set) var generator: SplitMix64
    private(set) var now = 0.0

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func below(_ bound: Int) -> Int { generator.draw(below: bound) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// Up to 20 actions that mostly start after earlier ones.
    mutating func stage() -> Stage {
        var actions: [TemplateAction] = []
        for number in 0..<below(21) {
            let before = (0..<below(3)).map { _ in "A\(below(max(number, 1)))" }
            let after = number == 0 || chance(1) ? [] : Array(Set(before)).sorted()
            let seconds = chance(5) ? 0 : 1 + below(120)
            switch below(10) {
            case 0..<6: actions.append(fault("A\(number)", seconds, after: after))
            case 6..<9: actions.append(Stage.wait("A\(number)", seconds, after: after))
            default:
                actions.append(
                    chance(10)
                        ? Stage.unsupported("A\(number)", after: after)
                        : Stage.fault("A\(number)", seconds, after: after, target: "Other")
                )
            }
        }
        var limits = RunLimits()
        limits.parallelActions = 1 + below(10)
        if chance(10) { limits.duration = .seconds(Int64(1 + below(300))) }
        let other = TemplateTarget(
            name: "Other",
            resourceType: "aws:lambda:function",
            resourceTags: [Tag("a", "b")]
        )
        return Stage(
            actions,
            targets: [Stage.functions, other],
            emptyTargets: chance(50) ? .skip : .fail,
            mode: chance(5) ? .skipAll : .runAll,
            limits: limits
        )
    }

    /// Some of them are armed first, and some must be held.
    private mutating func fault(_ name: String, _ seconds: Int, after: [String]) -> TemplateAction {
        let arming: [TemplateAction.Parameter] =
            chance(20) ? [.init("armAtLeastPercent", "\(1 + below(100))"), .init("armTimeout", "PT20S")] : []
        let ifUnheld = chance(10) ? "fail" : "complete"
        return Stage.fault(name, seconds, after: after, ifUnheld: ifUnheld, parameters: arming)
    }

    /// Any numbers that could be counted.
    private mutating func counts() -> CoverageCounts {
        let seen = below(20)
        let held = below(20)
        return CoverageCounts(
            seen: seen,
            holding: min(seen, below(held + 1)),
            held: held,
            cleared: below(held + 1)
        )
    }

    /// One event, mostly a look at the clock, which mostly moves on; nil where the run refused it.
    mutating func step(_ run: inout Run) -> RunAnswer? {
        moveClock(run.nextDue)
        let at = Stage.second(now)
        do throws(RunRefusal) {
            switch below(100) {
            case 0..<50: return run.timePassed(at: at)
            case 50..<60: return run.covered("A\(below(20))", counts(), at: at)
            case 60..<78: return try run.targetsResolved(outcome(), at: at)
            case 78..<81: return try run.queued(with: found(), behind: "Somebody is there.", at: at)
            case 81..<84: return try run.promoted(at: at)
            case 84: return run.overlapped("Somebody else is there.", at: at)
            case 85..<88: return run.stopRequested(chance(50) ? .user : .lever("drill"), at: at)
            case 88..<90: return run.stopRequested(.stopCondition("Breached."), at: at)
            case 90..<95:
                return try run.actionFailed(
                    "A\(below(20))",
                    code: .dependentService,
                    reason: "It broke.",
                    at: at
                )
            case 95..<97:
                let error = RunError(code: .configuration, location: "experiment")
                return try run.startRefused(error, reason: "Not now.", at: at)
            case 97: return run.clockRanBack(at: at)
            default: return run.timePassed(at: at)
            }
        } catch {
            return nil
        }
    }

    private mutating func moveClock(_ due: Timestamp?) {
        switch below(20) {
        case 0: now -= Double(below(100))
        case 1: now += Double(below(4_000))
        case 2..<6: now += Double(below(2_000)) / 1_000
        case 6..<10: break
        default: if let due { now = max(now, (due - Stage.start).inSeconds) }
        }
    }

    private mutating func found() -> [ResolvedTarget] {
        outcome().results.compactMap { if case .resolved(let target) = $0 { target } else { nil } }
    }

    private mutating func outcome() -> ResolutionOutcome {
        let other = chance(70) ? Stage.resolved("Other", ["other"]) : Stage.resolved("Other", [])
        if chance(5) {
            let failure = ResolutionFailure(target: "Other", code: .invalidTarget, reason: "Gone.")
            return ResolutionOutcome([Stage.resolved(), .failed(failure)])
        }
        return ResolutionOutcome(chance(3) ? [other] : [Stage.resolved(), other])
    }
}

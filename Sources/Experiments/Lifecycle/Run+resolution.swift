package import Base

extension Run {
    /// The targets were looked for: with what was found the run begins, or it fails.
    package mutating func targetsResolved(
        _ outcome: ResolutionOutcome,
        at now: Timestamp
    ) throws(RunRefusal) -> RunAnswer {
        guard status == .initiating, !isAwaitingGuards else { throw .notNow(.targetsResolved, status) }
        var step = step(at: now)
        proceed(outcome, &step)
        return step.answer
    }

    /// Takes a run that is initiating as far as it goes with those targets.
    mutating func proceed(_ outcome: ResolutionOutcome, _ step: inout RunStep) {
        take(outcome, &step)
        if status == .initiating { skipActions(&step) }
        if status == .initiating { failUnsupported(&step) }
        if status == .initiating { beginGuarded(&step) }
    }

    /// Keeps what was found, and fails for the first target that was not.
    private mutating func take(_ outcome: ResolutionOutcome, _ step: inout RunStep) {
        var found: [ResolvedTarget] = []
        var failure: ResolutionFailure?
        for target in template.targets {
            switch result(for: target, in: outcome) {
            case .resolved(let resolved):
                found.append(resolved)
                record(target.name, resolved.arns, failure: nil, &step)
            case .failed(let problem):
                failure = failure ?? problem
                record(target.name, [], failure: problem.reason, &step)
            }
        }
        targets = found
        changedAt = step.now
        if let failure { fail(RunError(code: failure.code, location: failure.target), failure.reason, &step) }
    }

    /// An empty target is a failure, unless it may be empty; one that was named by its ARNs never may.
    private func result(for target: TemplateTarget, in outcome: ResolutionOutcome) -> TargetResult {
        guard let result = outcome.results.first(where: { $0.target == target.name }) else {
            let reason = "Target \(target.name) was not looked for."
            return .failed(ResolutionFailure(target: target.name, code: .internalFailure, reason: reason))
        }
        switch result {
        case .failed: return result
        case .resolved(let resolved):
            let mayBeEmpty = template.options.emptyTargets == .skip && target.resourceARNs.isEmpty
            if !resolved.arns.isEmpty || mayBeEmpty { return result }
            let reason = Reasons.shortened("\(Reasons.emptySet) \(resolved.explanation)")
            return .failed(ResolutionFailure(target: target.name, code: .invalidTarget, reason: reason))
        }
    }

    private func record(_ target: String, _ arns: [String], failure: String?, _ step: inout RunStep) {
        step.record(
            RunEvent(
                kind: .target,
                subject: target,
                from: RunEvent.Resolution.pending,
                to: failure == nil ? RunEvent.Resolution.completed : RunEvent.Resolution.failed,
                reason: Reasons.shortened(failure ?? ""),
                at: step.now,
                resources: arns
            )
        )
    }

    private mutating func skipActions(_ step: inout RunStep) {
        for place in actions.indices {
            if mode == .skipAll {
                become(action: place, .skipped, Reasons.actionNotToRun, at: step.now, &step)
            } else if let empty = emptyTarget(of: actions[place].definition) {
                let reason = Reasons.emptyTarget(empty.name, empty.explanation)
                become(action: place, .skipped, reason, at: step.now, &step)
            }
        }
    }

    private func emptyTarget(of action: TemplateAction) -> ResolvedTarget? {
        action.targets.lazy.compactMap { target($0.target) }.first { $0.arns.isEmpty }
    }

    /// What nobody can perform fails before anything is published, however late it would have been its turn.
    private mutating func failUnsupported(_ step: inout RunStep) {
        for place in actions.indices where actions[place].status == .pending {
            guard let missing = actions[place].plan.missing else { continue }
            let reason = "no executor for \(actions[place].definition.actionID): \(missing)"
            return fail(action: place, code: .configuration, reason, &step)
        }
    }
}

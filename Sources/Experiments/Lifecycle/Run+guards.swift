package import Base

/// What is watched for a run, and what comes of it.
package enum GuardName {
    package static let stopConditions = "stop-conditions"
    package static let hypothesis = "hypothesis"
    private static let actionPrefix = "action/"

    /// The guard that looks at what an action asserts.
    package static func assertion(of action: String) -> String { actionPrefix + action }

    /// The action whose assertion a guard looks at; nil for the other guards.
    package static func action(in name: String) -> String? {
        name.hasPrefix(actionPrefix) ? String(name.dropFirst(actionPrefix.count)) : nil
    }
}

extension Run {
    /// How long the guards may take to be read before the first fault, whoever should read them.
    static let guardPatience: Duration = .seconds(60)
    /// How long an assertion may take.
    static let assertionPatience: Duration = .seconds(60)

    /// The guards that must have been read before the first fault; a preview has no faults and needs none.
    var guards: [String] {
        if mode == .skipAll { return [] }
        let isWatched = template.stopConditions.contains { $0 != .none }
        let hasHypothesis = template.hypothesis != nil
        return (isWatched ? [GuardName.stopConditions] : []) + (hasHypothesis ? [GuardName.hypothesis] : [])
    }

    /// Whether it has its targets and waits for its guards to be read.
    package var isAwaitingGuards: Bool { !awaits.isEmpty }

    /// Takes a run that has its targets to its first actions, or to its guards where it has some.
    mutating func beginGuarded(_ step: inout RunStep) {
        let guards = guards
        if guards.isEmpty { return begin(&step) }
        awaits = guards
        awaitsSince = step.now
        reason = Reasons.readingGuards
        changedAt = step.now
        step.watch(guards)
    }

    private mutating func begin(_ step: inout RunStep) {
        become(.running, Reasons.running, at: step.now, &step)
        completeIfOver(at: step.now, &step)
        if status == .running { beginActions(at: step.now, &step) }
        follow(&step)
    }

    /// Everything that a guard looks at was read and is well: with the last of them the run begins.
    package mutating func guardPassed(_ name: String, at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        guard status == .initiating, awaits.contains(name) else { return step.answer }
        awaits.removeAll { $0 == name }
        changedAt = step.now
        step.record(
            RunEvent(
                kind: .guardPassed,
                subject: name,
                from: nil,
                to: RunEvent.passed,
                reason: Reasons.guardPassed,
                at: step.now
            )
        )
        if awaits.isEmpty { begin(&step) }
        return step.answer
    }

    /// A condition is bad, or nobody could read it for too long: the run is stopped; `text` says what was found.
    package mutating func guardBreached(
        _ condition: String,
        _ text: String,
        at now: Timestamp
    ) -> RunAnswer {
        endedByGuard(condition, text, .stopCondition(text), at: now)
    }

    /// The same for whatever is looked at and ends a run; what fell due before happens first.
    mutating func endedByGuard(
        _ subject: String,
        _ text: String,
        _ cause: StopCause,
        at now: Timestamp
    ) -> RunAnswer {
        var step = step(at: now)
        if status == .running {
            endActions(until: step.now, &step)
            completeIfOver(at: changedAt, &step)
        }
        if status.isFinal || status == .stopping {
            step.explain(alreadyOver)
            return step.answer
        }
        step.record(
            RunEvent(
                kind: .guardBreached,
                subject: subject,
                from: nil,
                to: RunEvent.breached,
                reason: Reasons.shortened(text),
                at: step.now
            )
        )
        stop(cause, &step)
        return step.answer
    }

    /// A condition could not be read for too long, and nothing was published yet: the run fails.
    package mutating func guardUnreadable(
        _ condition: String,
        _ text: String,
        at now: Timestamp
    ) -> RunAnswer {
        var step = step(at: now)
        if isAwaitingGuards {
            let error = RunError(code: .dependentService, location: condition)
            fail(error, Reasons.guardUnreadable(text), &step)
        }
        return step.answer
    }

    /// What an action asserted was looked up: it holds, or `failure` says what was found instead.
    package mutating func asserted(
        _ name: String,
        failure: String?,
        at now: Timestamp
    ) -> RunAnswer {
        var step = step(at: now)
        guard status == .running, let place = actions.firstIndex(where: { $0.name == name }),
            actions[place].plan.isAssertion, actions[place].status.isUnderWay
        else { return step.answer }
        endActions(until: step.now, except: place, &step)
        guard status == .running else { return step.answer }
        if let failure {
            fail(action: place, code: .dependentService, failure, &step)
        } else {
            become(action: place, .completed, Reasons.actionCompleted, at: step.now, &step)
            completeIfOver(at: step.now, &step)
            if status == .running { beginActions(at: step.now, &step) }
            follow(&step)
        }
        return step.answer
    }

    /// Nobody read the guards in time.
    mutating func failUnguarded(_ step: inout RunStep) {
        let seconds = Self.guardPatience.nanoseconds / 1_000_000_000
        fail(
            RunError(code: .internalFailure, location: awaits.first ?? RunError.wholeExperiment),
            "No node read \(awaits.joined(separator: " and ")) within \(seconds) s; nothing was published.",
            &step
        )
    }

    /// When it gives up waiting for its guards.
    var guardsDueAt: Timestamp? { awaits.isEmpty ? nil : (awaitsSince ?? changedAt) + Self.guardPatience }
}

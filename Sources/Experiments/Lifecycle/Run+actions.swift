import Base

/// Which actions end and begin, and when.
extension Run {
    /// Ends what ended by itself until that moment, each at its own; with the last of them the run is completed.
    mutating func endActions(until moment: Timestamp, except spared: Int? = nil, _ step: inout RunStep) {
        let over = actions.indices.filter { place in
            place != spared && actions[place].dueAt.map { $0 <= moment } ?? false
        }
        // The sort is stable: what ends together ends in the template's order.
        for place in over.sorted(by: { end($0) < end($1) }) {
            if isArming(place) { return failArming(place, &step) }
            if actions[place].plan.isAssertion { return failUnasserted(place, &step) }
            become(action: place, .completed, Reasons.actionCompleted, at: end(place), &step)
        }
    }

    private func end(_ place: Int) -> Timestamp { actions[place].endsAt ?? changedAt }

    /// Completes a run whose actions have all ended, once it is known that their faults arrived.
    mutating func completeIfOver(at moment: Timestamp, _ step: inout RunStep) {
        guard status == .running, actions.allSatisfy({ $0.status.isFinal }) else { return }
        if unheldDueAt == nil { return become(.completed, Reasons.completed, at: moment, &step) }
        overAt = overAt ?? step.now
        if let due = unheldDueAt, due <= step.now { failUnheld(&step) }
    }

    /// Begins what may begin at that moment; a fault whose whole time went by unseen is not published, and fails the run.
    mutating func beginActions(at moment: Timestamp, _ step: inout RunStep) {
        let free = max(0, limits.parallelActions - actions.count { $0.status.isUnderWay })
        let next = actions.indices.filter(mayBegin).prefix(free)
        if let missed = next.first(where: { isMissed($0, at: moment, now: step.now) }) {
            return failMissed(missed, from: moment, &step)
        }
        for place in next {
            begin(place, at: moment, &step)
        }
        if !actions.contains(where: { $0.status.isUnderWay }) { failStuck(&step) }
    }

    private mutating func begin(_ place: Int, at moment: Timestamp, _ step: inout RunStep) {
        let (plan, arming) = (actions[place].plan, ArmRule(actions[place].definition))
        actions[place].startedAt = moment
        if plan.publishes { step.publish(actions[place].name) }
        if plan.isAssertion { step.watch([GuardName.assertion(of: actions[place].name)]) }
        if plan.publishes, let arming {
            actions[place].endsAt = moment + arming.timeout
            return become(action: place, .initiating, Reasons.arming(arming), at: moment, &step)
        }
        become(action: place, .initiating, Reasons.actionInitiating, at: moment, &step)
        // An assertion has its time from when somebody can look it up.
        actions[place].endsAt = (plan.isAssertion ? max(moment, step.now) : moment) + plan.duration
        become(action: place, .running, Reasons.actionRunning, at: moment, &step)
    }

    private mutating func failUnasserted(_ place: Int, _ step: inout RunStep) {
        let seconds = Self.assertionPatience.nanoseconds / 1_000_000_000
        fail(
            action: place,
            code: .internalFailure,
            "no node looked up within \(seconds) s what it asserts.",
            &step
        )
    }

    private func mayBegin(_ place: Int) -> Bool {
        let action = actions[place]
        return action.status == .pending
            && action.definition.startAfter.allSatisfy { name in
                actions.contains { $0.name == name && $0.status.lets }
            }
    }

    private func isMissed(_ place: Int, at moment: Timestamp, now: Timestamp) -> Bool {
        let plan = actions[place].plan
        return plan.publishes && moment < now && moment + plan.duration <= now
            && ArmRule(actions[place].definition) == nil
    }

    private mutating func failMissed(_ place: Int, from moment: Timestamp, _ step: inout RunStep) {
        let action = actions[place]
        let (from, to) = (CalendarTime(moment).iso8601, CalendarTime(moment + action.plan.duration).iso8601)
        fail(
            action: place,
            code: .internalFailure,
            "no node drove the run between \(from) and \(to), when the action was due; its faults were not published.",
            &step
        )
    }

    /// Validation lets no circle through; a run that holds one all the same must not wait for ever.
    private mutating func failStuck(_ step: inout RunStep) {
        let waiting = actions.filter { $0.status == .pending }.map(\.name)
        guard !waiting.isEmpty else { return }
        fail(
            RunError(code: .internalFailure, location: RunError.wholeExperiment),
            "Nothing is running that these actions could start after: \(waiting.joined(separator: ", ")).",
            &step
        )
    }
}

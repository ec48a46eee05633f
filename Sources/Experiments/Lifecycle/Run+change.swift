import Base

/// The only places where a status changes: each change is recorded once, and nothing final changes.
extension Run {
    func step(at now: Timestamp) -> RunStep { RunStep(now: max(now, changedAt)) }

    mutating func become(_ next: RunStatus, _ reason: String, at moment: Timestamp, _ step: inout RunStep) {
        guard !status.isFinal, next != status else { return }
        step.record(
            RunEvent(
                kind: .experiment,
                subject: id,
                from: status.rawValue,
                to: next.rawValue,
                reason: reason,
                at: moment
            )
        )
        status = next
        self.reason = reason
        changedAt = max(changedAt, moment)
        // Whoever begins or ends waits no more.
        queue = nil
        awaits = []
        awaitsSince = nil
        if next.isFinal {
            endedAt = moment
            judgeUnbegun(at: moment, &step)
        }
    }

    /// Changes the action at that place of `actions`; `endedAt` where it ended at another moment than this one.
    mutating func become(
        action place: Int,
        _ next: ActionStatus,
        _ reason: String,
        at moment: Timestamp,
        endedAt: Timestamp? = nil,
        _ step: inout RunStep
    ) {
        guard actions.indices.contains(place), !actions[place].status.isFinal, next != actions[place].status
        else { return }
        let action = actions[place]
        step.record(
            RunEvent(
                kind: .action,
                subject: action.name,
                from: action.status.rawValue,
                to: next.rawValue,
                reason: reason,
                at: moment
            )
        )
        actions[place].status = next
        actions[place].reason = reason
        changedAt = max(changedAt, moment)
        if next.isFinal { actions[place].endedAt = endedAt ?? moment }
        if action.plan.publishes, action.status.isUnderWay, !next.isUnderWay { step.clear(action.name) }
    }
}

package import Base

/// What a run does about others on its targets.
extension Run {
    /// The resources that it holds while it runs: all that its faults are for, from its start to its end.
    package var heldTargets: [String] { status == .running || isAwaitingGuards ? faultTargets : [] }

    /// The same for a run that waits: what it will hold once it begins.
    package var wantedTargets: [String] {
        guard let queue else { return heldTargets }
        var resolved = self
        resolved.targets = queue.targets
        return resolved.faultTargets
    }

    private var faultTargets: [String] {
        let names = actions.filter { $0.plan.publishes && $0.status != .skipped }.map(\.name)
        return Set(names.flatMap(arns)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Its targets are not free: it waits for them with what was found, and begins nothing.
    ///
    /// `behind` says who is in the way.
    package mutating func queued(
        with targets: [ResolvedTarget],
        behind: String,
        at now: Timestamp
    ) throws(RunRefusal) -> RunAnswer {
        guard status == .pending, queue == nil else { throw .notNow(.queued, status) }
        var step = step(at: now)
        let expiresAt = step.now + template.options.queueTime
        queue = RunQueue(since: step.now, expiresAt: expiresAt, behind: behind, targets: targets)
        reason = Reasons.queued(behind)
        changedAt = step.now
        record(RunEvent.Queue.waiting, from: nil, reason, &step)
        return step.answer
    }

    /// Somebody looked who is in its way now; nothing comes of it but that its end, should it come, can be explained.
    package mutating func waited(behind: String) -> RunAnswer {
        queue?.behind = behind
        return RunAnswer()
    }

    /// Its targets are free: it begins now, with what was found when it was asked for, unless its time is up.
    package mutating func promoted(at now: Timestamp) throws(RunRefusal) -> RunAnswer {
        guard status == .pending, let queue else { throw .notNow(.promoted, status) }
        var step = step(at: now)
        if queue.expiresAt <= step.now {
            expire(queue, &step)
            return step.answer
        }
        record(RunEvent.Queue.promoted, from: RunEvent.Queue.waiting, Reasons.promoted, &step)
        become(.initiating, Reasons.initiating, at: step.now, &step)
        startedAt = step.now
        proceed(ResolutionOutcome(queue.targets.map { .resolved($0) }), &step)
        return step.answer
    }

    /// Others had faults on its targets when it started, which its policy allows.
    package mutating func overlapped(_ others: String, at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        follow(&step)
        guard !status.isFinal, !overlaps.contains(others) else { return step.answer }
        overlaps.append(others)
        changedAt = step.now
        step.record(
            RunEvent(
                kind: .overlap,
                subject: id,
                from: nil,
                to: RunEvent.overlapping,
                reason: Reasons.shortened(others),
                at: step.now
            )
        )
        return step.answer
    }

    /// Its targets did not become free in time.
    mutating func expire(_ queue: RunQueue, _ step: inout RunStep) {
        for place in actions.indices { halt(place, &step) }
        become(.cancelled, Reasons.expired(queue), at: step.now, &step)
    }

    private func record(_ what: String, from: String?, _ reason: String, _ step: inout RunStep) {
        step.record(
            RunEvent(kind: .queue, subject: id, from: from, to: what, reason: reason, at: step.now)
        )
    }
}

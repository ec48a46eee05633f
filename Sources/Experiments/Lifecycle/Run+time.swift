package import Base

extension Run {
    /// Somebody looks at the clock: whatever fell due since the last look happens now, in the order in which it fell due.
    package mutating func timePassed(at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        switch status {
        case .pending:
            if failsToStart(&step) { break }
            become(.initiating, Reasons.initiating, at: step.now, &step)
            startedAt = step.now
            step.resolve()
        case .initiating:
            // Whoever was to resolve them may have died.
            if !failsToStart(&step) { step.resolve() }
        case .running: follow(&step)
        case .stopping: finishStop(&step)
        case .completed, .stopped, .failed, .cancelled: break
        }
        return step.answer
    }

    /// Fails a run that nobody took up in time.
    mutating func failsToStart(_ step: inout RunStep) -> Bool {
        guard createdAt + limits.startWithin < step.now else { return false }
        let error = RunError(code: .internalFailure, location: RunError.wholeExperiment)
        let seconds = limits.startWithin.nanoseconds / 1_000_000_000
        fail(
            error,
            "No node started the run within \(seconds) s of the request; nothing was published.",
            &step
        )
        return true
    }

    /// Goes through the moments that have come, one after the other.
    mutating func follow(_ step: inout RunStep) {
        while status == .running, let due = nextDue, due <= step.now {
            endActions(until: due, &step)
            completeIfOver(at: due, &step)
            if status == .running, due >= latestEnd { failTooLong(&step) }
            if status == .running { beginActions(at: due, &step) }
        }
    }

    private mutating func failTooLong(_ step: inout RunStep) {
        let seconds = limits.duration.nanoseconds / 1_000_000_000
        let error = RunError(code: .quotaExceeded, location: RunError.wholeExperiment)
        fail(error, "Experiment took longer than the \(seconds) s an experiment may take.", &step)
    }
}

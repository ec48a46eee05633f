package import Base

extension Run {
    /// Somebody looks at the clock: whatever fell due since the last look happens now, in the order in which it fell due.
    package mutating func timePassed(at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        switch status {
        case .pending:
            if let queue {
                if queue.expiresAt <= step.now { expire(queue, &step) }
                break
            }
            become(.initiating, Reasons.initiating, at: step.now, &step)
            startedAt = step.now
            step.resolve()
        case .initiating:
            if let due = guardsDueAt {
                if due <= step.now { failUnguarded(&step) }
                break
            }
            // Whoever was to resolve them may have died.
            step.resolve()
        case .running: follow(&step)
        case .stopping: finishStop(&step)
        case .completed, .stopped, .failed, .cancelled: break
        }
        return step.answer
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

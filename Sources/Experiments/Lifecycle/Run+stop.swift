package import Base

extension Run {
    /// Ends the run before its time; in every status, and however often.
    ///
    /// The faults go with the answer's own effect. Only the run's last state waits for the next look.
    package mutating func stopRequested(_ cause: StopCause, at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        stop(cause, &step)
        return step.answer
    }

    mutating func stop(_ cause: StopCause, _ step: inout RunStep) {
        switch status {
        case .pending: stopPending(cause, &step)
        case .initiating: beginStop(cause, &step)
        case .running:
            endActions(until: step.now, &step)
            completeIfOver(at: changedAt, &step)
            if status == .completed { step.explain(alreadyOver) } else { beginStop(cause, &step) }
        case .stopping, .completed, .stopped, .failed, .cancelled: step.explain(alreadyOver)
        }
    }

    /// What the lever holds back has not started; what a person stops was under way.
    private mutating func stopPending(_ cause: StopCause, _ step: inout RunStep) {
        switch cause {
        case .lever(let reason):
            for place in actions.indices { halt(place, &step) }
            become(.cancelled, Reasons.cancelled(lever: reason), at: step.now, &step)
        case .user, .stopCondition, .steadyState: beginStop(cause, &step)
        }
    }

    private mutating func beginStop(_ cause: StopCause, _ step: inout RunStep) {
        for place in actions.indices { halt(place, &step) }
        stopCause = cause
        become(.stopping, Reasons.stopping, at: step.now, &step)
    }

    /// Stops an action that is under way, and cancels one that is not yet.
    mutating func halt(_ place: Int, _ step: inout RunStep) {
        switch actions[place].status {
        case .pending: become(action: place, .cancelled, Reasons.actionCancelled, at: step.now, &step)
        case .initiating, .running:
            become(action: place, .stopping, Reasons.actionStopping, at: step.now, &step)
        case .completed, .cancelled, .stopping, .stopped, .failed, .skipped: break
        }
    }

    /// Takes a stopping run to its end; its actions ended when their faults were cleared.
    mutating func finishStop(_ step: inout RunStep) {
        let cleared = changedAt
        for place in actions.indices {
            become(action: place, .stopped, Reasons.actionStopped, at: step.now, endedAt: cleared, &step)
        }
        become(.stopped, Reasons.stopped(stopCause ?? .user), at: step.now, &step)
    }
}

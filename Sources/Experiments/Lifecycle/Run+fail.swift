package import Base

extension Run {
    /// An action went wrong: the run has failed, its other actions are stopped or never begin.
    package mutating func actionFailed(
        _ name: String,
        code: RunError.Code,
        reason: String,
        at now: Timestamp
    ) throws(RunRefusal) -> RunAnswer {
        guard status == .running else { throw .notNow(.actionFailed, status) }
        guard let place = actions.firstIndex(where: { $0.name == name }) else {
            throw .unknownAction(.actionFailed, action: name)
        }
        guard actions[place].status.isUnderWay else {
            throw .notInAction(.actionFailed, action: name, actions[place].status)
        }
        var step = step(at: now)
        endActions(until: step.now, except: place, &step)
        fail(action: place, code: code, reason, &step)
        return step.answer
    }

    /// Something that must hold before the first fault does not: the run fails and publishes nothing.
    package mutating func startRefused(
        _ error: RunError,
        reason: String,
        at now: Timestamp
    ) throws(RunRefusal) -> RunAnswer {
        guard status == .pending || status == .initiating else { throw .notNow(.startRefused, status) }
        var step = step(at: now)
        fail(error, reason, &step)
        return step.answer
    }

    /// The database's clock was set back: no planned end can be trusted, so everything ends now.
    package mutating func clockRanBack(at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        switch status {
        case .pending, .initiating, .running:
            let error = RunError(code: .internalFailure, location: RunError.wholeExperiment)
            fail(error, Reasons.clockRanBack, &step)
        case .stopping: finishStop(&step)
        case .completed, .stopped, .failed, .cancelled: step.explain(alreadyOver)
        }
        return step.answer
    }

    /// Fails one action, and the run with it.
    mutating func fail(action place: Int, code: RunError.Code, _ reason: String, _ step: inout RunStep) {
        let name = actions[place].name
        become(action: place, .failed, Reasons.shortened(reason), at: step.now, &step)
        fail(RunError(code: code, location: name), Reasons.actionFailed(name, reason), &step)
    }

    mutating func fail(_ error: RunError, _ reason: String, _ step: inout RunStep) {
        guard !status.isFinal else { return }
        for place in actions.indices {
            halt(place, &step)
            become(action: place, .stopped, Reasons.actionStopped, at: step.now, &step)
        }
        self.error = error
        become(.failed, Reasons.shortened(reason), at: step.now, &step)
    }

    var alreadyOver: String { "Experiment \(id) is already \(status.rawValue); nothing was changed." }
}

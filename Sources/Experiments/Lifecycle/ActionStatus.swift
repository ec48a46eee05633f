/// How far one action of a run has come.
package enum ActionStatus: String, CaseIterable, Sendable {
    /// To `initiating` when those it waits for have ended, to `skipped` when it has nothing to do, to `failed` when it can no longer or not at all be run, to `cancelled` when the run ends first.
    case pending
    /// To `running` when its faults are published or, if it is armed, when enough instances hold them; to `failed` when they do not in time, to `stopping` when the run ends first.
    case initiating
    /// To `completed` when its time is over, to `failed` when it went wrong, to `stopping` when the run ends first.
    case running
    /// Left for nothing: it lasted as long as it was to.
    case completed
    /// Left for nothing: the run ended before it began.
    case cancelled
    /// To `stopped` when the run is; its faults were cleared on the way in.
    case stopping
    /// Left for nothing: the run ended while it ran.
    case stopped
    /// Left for nothing: its reason says what went wrong.
    case failed
    /// Left for nothing: it was not to be run, or had no target left.
    case skipped

    /// Whether nothing comes after it.
    package var isFinal: Bool {
        switch self {
        case .pending, .initiating, .running, .stopping: false
        case .completed, .cancelled, .stopped, .failed, .skipped: true
        }
    }

    /// Whether an action that starts after this one may begin.
    var lets: Bool {
        switch self {
        case .completed, .skipped: true
        case .pending, .initiating, .running, .cancelled, .stopping, .stopped, .failed: false
        }
    }

    /// Whether it takes one of the places of actions that run side by side.
    package var isUnderWay: Bool {
        switch self {
        case .initiating, .running: true
        case .pending, .completed, .cancelled, .stopping, .stopped, .failed, .skipped: false
        }
    }
}

/// How far a run has come.
package enum RunStatus: String, CaseIterable, Sendable {
    /// To `initiating` when a node first takes it up or, if it is queued, when its targets are free; to `cancelled` when the lever is engaged by then or its place in the queue expires, to `stopping` when it is stopped, to `failed` when it may not start.
    case pending
    /// To `running` when its targets are resolved, to `failed` when they are not or an action cannot be run, to `stopping` when it is stopped.
    case initiating
    /// To `completed` when every action has ended, to `failed` when one has failed or the run takes too long, to `stopping` when it is stopped.
    case running
    /// Left for nothing: every action has ended by itself or was skipped.
    case completed
    /// To `stopped` when time next passes; its faults were cleared on the way in.
    case stopping
    /// Left for nothing: a person, a stop condition or the lever ended it.
    case stopped
    /// Left for nothing: `error` says what went wrong and where.
    case failed
    /// Left for nothing: the lever was engaged before it started, or its targets did not become free in time.
    case cancelled

    /// Whether nothing comes after it.
    package var isFinal: Bool {
        switch self {
        case .pending, .initiating, .running, .stopping: false
        case .completed, .stopped, .failed, .cancelled: true
        }
    }
}

package import Base

/// One change of a run, of one of its actions, or of what is known of one of its targets: the run's history is made of these.
package struct RunEvent: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case experiment = "experiment.state-changed"
        case action = "action.state-changed"
        case target = "target.resolved"
        case coverage = "coverage.reached"
        case queue = "experiment.queued"
        case overlap = "experiment.overlaps"
        case guardPassed = "guard.passed"
        case guardBreached = "guard.breached"
        case hypothesisDeviated = "hypothesis.deviated"
        case hypothesisJudged = "hypothesis.judged"
    }

    package var kind: Kind
    /// The experiment's id where it concerns the whole of it, or the name of the action or target.
    ///
    /// Of a coverage, the action's and `holding` or `clear`.
    package var subject: String
    /// Nil where it came into being.
    package var from: String?
    package var to: String
    package var reason: String
    /// When it happened by the run's timetable, which is earlier than when it was recorded if nobody looked in time.
    package var at: Timestamp
    /// What a target was resolved to.
    package var resources: [String]

    package init(
        kind: Kind,
        subject: String,
        from: String?,
        to: String,
        reason: String,
        at: Timestamp,
        resources: [String] = []
    ) {
        self.kind = kind
        self.subject = subject
        self.from = from
        self.to = to
        self.reason = reason
        self.at = at
        self.resources = resources
    }

    /// What is told of a run that waits for its targets.
    package enum Queue {
        package static let waiting = "waiting"
        package static let promoted = "promoted"
    }

    /// What is told of a run that shares a target with others.
    package static let overlapping = "overlapping"

    /// What is told of a run's guards.
    package static let passed = "passed"
    package static let breached = "breached"
    package static let deviated = "deviated"

    /// The states of a target's resolution, in events and in the experiment log.
    package enum Resolution {
        package static let pending = "pending"
        package static let completed = "completed"
        package static let failed = "failed"
    }
}

package import Base

/// A template being carried out: the decisions of a run, without clock, database or network.
///
/// What happened goes in as an event; what to do and what to record comes out. A run keeps to its timetable: what begins
/// because something else ended begins at that end, however late somebody looks, so that times do not drift and an
/// outage makes no run longer. Times never fall: a moment earlier than the last change counts as that change's.
package struct Run: Equatable, Sendable {
    package enum ActionsMode: String, CaseIterable, Sendable {
        case runAll = "run-all"
        /// Targets are resolved, and nothing else happens.
        case skipAll = "skip-all"
    }

    package let id: String
    package let template: ExperimentTemplate
    /// The halt epoch the run was made in; its faults are served in no other.
    package let epoch: Int64
    package let mode: ActionsMode
    /// The policy that held when the run was started.
    package let overlap: OverlapPolicy
    package let limits: RunLimits
    package let createdAt: Timestamp
    package internal(set) var status = RunStatus.pending
    package internal(set) var reason = Reasons.pending
    package internal(set) var error: RunError?
    package internal(set) var startedAt: Timestamp?
    package internal(set) var endedAt: Timestamp?
    /// In the template's order; nil until they are resolved.
    package internal(set) var targets: [ResolvedTarget]?
    /// In the template's order.
    package internal(set) var actions: [RunAction]
    /// Its place among those that wait for targets, while it waits.
    package internal(set) var queue: RunQueue?
    /// Guards that must be read before its first fault, while it waits for them, and since when it does.
    package internal(set) var awaits: [String] = []
    package internal(set) var awaitsSince: Timestamp?
    /// Which others had faults on its targets when it started, in sentences.
    package internal(set) var overlaps: [String] = []
    /// What it has shown of its template's hypothesis; nil where that has none.
    package internal(set) var hypothesis: RunHypothesis?
    /// Why it stops, while it does.
    package internal(set) var stopCause: StopCause?
    /// When it was worked out that all actions are over, while it is not known yet that their faults arrived.
    package internal(set) var overAt: Timestamp?
    /// The moment of the last change.
    package internal(set) var changedAt: Timestamp

    package init(
        id: String,
        template: ExperimentTemplate,
        epoch: Int64,
        mode: ActionsMode = .runAll,
        overlap: OverlapPolicy = .allow,
        limits: RunLimits = RunLimits(),
        createdAt: Timestamp,
        plan: (TemplateAction) -> ActionPlan
    ) {
        self.id = id
        self.template = template
        self.epoch = epoch
        self.mode = mode
        self.overlap = overlap
        self.limits = limits
        self.createdAt = createdAt
        changedAt = createdAt
        hypothesis = template.hypothesis.map { _ in RunHypothesis() }
        actions = template.actions.map { RunAction(definition: $0, plan: plan($0)) }
    }

    /// The first event of every run's history.
    package var creation: RunEvent {
        RunEvent(
            kind: .experiment,
            subject: id,
            from: nil,
            to: RunStatus.pending.rawValue,
            reason: Reasons.pending,
            at: createdAt
        )
    }

    package func action(_ name: String) -> RunAction? { actions.first { $0.name == name } }

    /// What a target was resolved to; nil before it was, and for a name the template has not.
    package func target(_ name: String) -> ResolvedTarget? { targets?.first { $0.name == name } }

    /// The next moment at which `timePassed` has something to do; nil when there will be none.
    ///
    /// A run that is pending, initiating or stopping is due at once; one that waits for its targets or its guards when it must give up.
    package var nextDue: Timestamp? {
        switch status {
        case .pending: queue?.expiresAt ?? changedAt
        case .initiating: guardsDueAt ?? changedAt
        case .stopping: changedAt
        case .running: (actions.compactMap(\.dueAt) + [latestEnd, unheldDueAt].compactMap(\.self)).min()
        case .completed, .stopped, .failed, .cancelled: nil
        }
    }

    /// When the run must be over: counted from its first action, or one as long as a run may be would always be too long.
    var latestEnd: Timestamp {
        (actions.compactMap(\.startedAt).min() ?? startedAt ?? createdAt) + limits.duration
    }
}

extension RunAction {
    /// When it will end by itself, while it runs.
    var dueAt: Timestamp? { status.isUnderWay ? endsAt : nil }
}

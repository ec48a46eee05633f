/// What the world around a run has to do, in the transaction that keeps the run.
package enum RunEffect: Equatable, Sendable {
    /// Find the targets, and tell the run by `targetsResolved`.
    case resolveTargets
    /// Take the faults of these actions out of their targets' documents.
    case clear([String])
    /// Put the faults of these actions into their targets' documents, for [startedAt, endsAt).
    case publish([String])
    /// Have the faults of these actions, which are published, begin and end earlier than they were to.
    case advance([String])
    /// Have these guards read from now on.
    case watch([String])
}

/// What came of an event: what is to be done, in order, and what is to be recorded, in order.
package struct RunAnswer: Equatable, Sendable {
    package var effects: [RunEffect] = []
    package var recorded: [RunEvent] = []
    /// Why nothing was done, where somebody will want to know.
    package var note: String?

    package init() {}
}

package import Base

/// One action of a run: what the template says of it, who performs it, and how far it has come.
package struct RunAction: Equatable, Sendable {
    package let definition: TemplateAction
    package let plan: ActionPlan
    package internal(set) var status = ActionStatus.pending
    package internal(set) var reason = Reasons.actionPending
    package internal(set) var startedAt: Timestamp?
    /// When its time will be over, known once it has started.
    package internal(set) var endsAt: Timestamp?
    package internal(set) var endedAt: Timestamp?
    /// How far its fault has come among the instances, and how far it has gone again.
    package internal(set) var held: CoverageMilestone?
    package internal(set) var cleared: CoverageMilestone?
    /// Why an instance said that it cannot do it, or why its library cannot be told it.
    package internal(set) var refusal: String?

    package var name: String { definition.name }
}

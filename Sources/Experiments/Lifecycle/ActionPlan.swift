/// Who performs an action and for how long; told to a run when it is made, since the catalogue may change while it runs.
package struct ActionPlan: Hashable, Sendable {
    package enum Execution: Hashable, Sendable {
        /// Nothing happens for that long.
        case wait(Duration)
        /// Faults are published to the action's targets for that long.
        case fault(Duration)
        /// What it asserts of alarms is looked up, once.
        case assertion
        /// Nobody can perform it, and why.
        case unsupported(String)
    }

    package var execution: Execution

    package init(_ execution: Execution) { self.execution = execution }

    package static func wait(_ duration: Duration) -> ActionPlan { ActionPlan(.wait(duration)) }
    package static func fault(_ duration: Duration) -> ActionPlan { ActionPlan(.fault(duration)) }
    package static let assertion = ActionPlan(.assertion)
    package static func unsupported(_ why: String) -> ActionPlan { ActionPlan(.unsupported(why)) }

    /// How long it takes, counted from its start, and at most where that is not known; never less than nothing.
    var duration: Duration {
        switch execution {
        case .wait(let duration), .fault(let duration): max(duration, .zero)
        case .assertion: Run.assertionPatience
        case .unsupported: .zero
        }
    }

    /// Whether it puts faults into documents, which then have to come out again.
    package var publishes: Bool {
        switch execution {
        case .fault: true
        case .wait, .assertion, .unsupported: false
        }
    }

    /// Whether it ends when somebody says what he found, and has failed if nobody did in time.
    package var isAssertion: Bool { execution == .assertion }

    /// Why nobody can perform it.
    var missing: String? {
        switch execution {
        case .unsupported(let why): why
        case .wait, .fault, .assertion: nil
        }
    }
}

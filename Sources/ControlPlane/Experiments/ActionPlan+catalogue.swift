import Experiments

extension ActionPlan {
    /// Who performs an action: what the catalogue says today, which the run keeps.
    init(_ action: TemplateAction, catalogue: Catalogue = .standard) {
        let duration = action.parameter("duration").flatMap { ISODuration($0)?.value } ?? .zero
        switch catalogue.action(action.actionID)?.execution {
        case .wait: self = .wait(duration)
        case .polledFault: self = .fault(duration)
        case .assertion: self = .assertion
        case .unsupported:
            self = .unsupported(
                "Faultplane has none of its own, and no registered agent says that it performs it."
            )
        case nil: self = .unsupported("this version's catalogue does not have it.")
        }
    }
}

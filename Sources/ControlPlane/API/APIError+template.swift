import Experiments

extension APIError {
    /// What a caller is told of a template that cannot be accepted: all that is wrong with it.
    ///
    /// FIS answers an action that does not exist as something not found, and so it is if nothing else is wrong.
    init(_ problems: TemplateProblems) {
        self.init(
            problems.isUnknownAction ? .notFound : .validation,
            problems: problems.problems.map(\.message)
        )
    }
}

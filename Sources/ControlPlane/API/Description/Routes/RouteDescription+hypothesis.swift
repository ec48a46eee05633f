import Experiments

/// `/v1/templates/{templateId}/hypothesis`.
extension RouteDescription {
    static let hypothesis: [RouteDescription] = [
        .init(
            "GetHypothesis",
            .templates,
            "The steady-state hypothesis of a template.",
            answer: envelope,
            errors: [.notFound]
        ),
        .init(
            "PutHypothesis",
            .templates,
            "Give a template a steady-state hypothesis, in the place of one that it may have.",
            body: .named("SteadyStateHypothesis"),
            answer: envelope,
            errors: [.notFound]
        ),
        .init(
            "DeleteHypothesis",
            .templates,
            "Take a template's steady-state hypothesis away; runs that have begun keep theirs.",
            answer: envelope,
            errors: [.notFound]
        ),
    ]

    private static let envelope = Schema.envelope("steadyStateHypothesis", .named("SteadyStateHypothesis"))
}

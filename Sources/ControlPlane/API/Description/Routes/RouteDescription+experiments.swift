import Base
import Experiments

/// `/experiments`.
extension RouteDescription {
    static let experiments: [RouteDescription] = [
        .init(
            "StartExperiment",
            .experiments,
            "Run a template. While the safety lever is engaged the experiment is made and ends cancelled.",
            body: .exact(
                .required("clientToken", .clientToken),
                .required("experimentTemplateId", .text(1...64, #"^[^\u0000]*$"#)),
                .optional(
                    "experimentOptions",
                    .exact(.optional("actionsMode", .choice(Run.ActionsMode.self)))
                ),
                .optional("tags", .named("Tags"))
            ),
            answer: experiment,
            errors: [.quotaExceeded, .notFound, .conflict]
        ),
        .init(
            "ListExperiments",
            .experiments,
            "The account's experiments, newest first.",
            [
                .init(
                    "experimentTemplateId",
                    .text(1...64, #"^[^\u0000]*$"#),
                    "Only experiments of this template."
                )
            ] + .page,
            answer: .page("experiments", of: .named("ExperimentSummary"))
        ),
        .init("GetExperiment", .experiments, "An experiment.", answer: experiment, errors: [.notFound]),
        .init(
            "StopExperiment",
            .experiments,
            "End an experiment and its faults; one that has ended stays as it is.",
            answer: experiment,
            errors: [.notFound]
        ),
        .init(
            "ListExperimentResolvedTargets",
            .experiments,
            "What the targets of an experiment were resolved to.",
            [.init("targetName", .text(.name), "Only what this target was resolved to.")] + .page,
            answer: .page("resolvedTargets", of: .named("ResolvedTarget")),
            errors: [.notFound]
        ),
    ]

    /// What happened in them.
    static let events: [RouteDescription] = [
        .init(
            "GetExperimentCoverage",
            .experiments,
            "Whether the experiment's faults arrived and have ended, as instances told: counts for each action and target.",
            answer: .named("Coverage"),
            errors: [.notFound]
        ),
        .init(
            "ListExperimentEvents",
            .experiments,
            "What happened in an experiment, in order; as text/event-stream, followed until it has ended.",
            [
                .init(
                    "Last-Event-ID",
                    Schema(type: "integer", [.init("minimum", 0)]),
                    in: .header,
                    "Of a stream, the number of the last event that was seen."
                )
            ] + .page,
            answers: [
                Answer(contents: [
                    ("application/json", .page("events", of: .named("ExperimentEvent"))),
                    ("text/event-stream", .text),
                ])
            ],
            errors: [.notFound]
        ),
        .init(
            "GetExperimentLog",
            .experiments,
            "An experiment's log in FIS's schema, version 2: one JSON object a line.",
            answers: [Answer(contents: [("application/jsonl", .text)])],
            errors: [.notFound]
        ),
    ]

    private static let experiment = Schema.warned("experiment", .named("Experiment"))
}

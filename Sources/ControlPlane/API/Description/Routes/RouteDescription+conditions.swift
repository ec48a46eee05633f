/// `/v1/stop-conditions`, and what was found of a run's conditions.
extension RouteDescription {
    static let conditions: [RouteDescription] = [
        .init(
            "CheckStopConditions",
            .templates,
            "Ask now how conditions stand, as a run would.",
            body: .exact(
                .required("stopConditions", SchemaComponent.stopConditions),
                .optional(
                    "targets",
                    Schema.list(of: .text(1...2_048, Schema.Pattern.target), 0...100).about(
                        "What conditions on telemetry are about that name no targets."
                    )
                )
            ),
            answer: .object(.required("conditions", .list(of: .named("ConditionReading"))))
        ),
        .init(
            "ListExperimentGuards",
            .experiments,
            "What is watched for a run, how it stands, and what every look at it found, newest first.",
            [
                .init(
                    "guard",
                    .text(1...256, #"^[^\u0000]*$"#),
                    "Only this one: stop-conditions, hypothesis, or action/ and an action's name."
                )
            ] + .page,
            answer: .object(
                .required("evaluations", .list(of: .named("GuardEvaluation"), 0...100)),
                .optional("nextToken", Schema.text.about("Left out on the last page.")),
                .required("guards", .list(of: .named("Guard")))
            ),
            errors: [.notFound]
        ),
    ]
}

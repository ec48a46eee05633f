import Experiments
import SafetyLever

/// How conditions stand, by themselves and for a run.
extension SchemaComponent {
    static let guards: [SchemaComponent] = [
        .init(
            "ConditionReading",
            .object(
                [
                    .required("source", .choice(StopConditionSource.self)),
                    .required("value", .text),
                    .required("verdict", .choice(ConditionFinding.self)),
                ] + found + [.required("latencySeconds", seconds)]
            )
        ),
        .init(
            "Guard",
            .object(
                .required("name", .text),
                .required(
                    "guardedUntil",
                    Schema.time.orNull.about("Until when the run's faults may be served.")
                ),
                .required("conditions", .list(of: .named("GuardedCondition")))
            )
        ),
        .init(
            "GuardedCondition",
            .object(
                [
                    .required("name", .text), .required("source", .text), .required("value", .text),
                    .required("verdict", verdict.orNull.about("Null where nobody has looked yet.")),
                ] + found + [
                    .required("latencySeconds", seconds.orNull),
                    .required("readAt", Schema.time.orNull),
                    .required("breachedSince", Schema.time.orNull),
                    .required("unreadableSince", Schema.time.orNull),
                ]
            )
        ),
        .init(
            "GuardEvaluation",
            .object(
                .required("guard", .text),
                .required("round", .whole),
                .required("at", .time),
                .required(
                    "readings",
                    .list(
                        of: .object(
                            [.required("condition", .text), .required("verdict", verdict)] + found
                                + [.required("latencySeconds", seconds)]
                        )
                    )
                )
            )
        ),
    ]

    private static let found: [Schema.Member] = [
        .required("reading", Schema.text.about("What was read, or why nothing was.")),
        .required(
            "threshold",
            Schema.text.about("What it was held against, where it does not say that itself.")
        ),
    ]
    private static let verdict = Schema.choice(ConditionVerdict.self)
    private static let seconds = Schema(type: "number")
}

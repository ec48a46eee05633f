import Base
import Experiments

/// What is watched for a run: stop conditions, and the probes of a hypothesis.
extension SchemaComponent {
    static let conditions: [SchemaComponent] = [
        .init(
            "StopCondition",
            .exact(
                .required("source", .choice(StopConditionSource.self)),
                .optional("value", .text(.stopConditionValue)),
                .optional("requires", requires),
                .optional("for", hold),
                .optional("breaches", breaches),
                .optional("of", of)
            )
        ),
        .init(
            "SteadyStateHypothesis",
            .exact(
                .optional("title", .text(.hypothesisTitle)),
                .required("probes", .list(of: .named("Probe"), Hypothesis.probeCount)),
                .optional("recoveryTimeout", recovery)
            )
        ),
        .init(
            "Probe",
            .exact(
                .required(
                    "name",
                    Schema.text(.probeName).about("No two probes of a hypothesis have the same.")
                ),
                .required("source", .oneOf(StopConditionSource.watching.map(\.rawValue))),
                .required("value", .text(.probeValue)),
                .optional("tolerance", tolerance),
                .optional("pointer", pointer),
                .optional("requires", requires),
                .optional("for", hold),
                .optional("breaches", breaches),
                .optional("of", of)
            )
        ),
        .init(
            "SteadyState",
            .object(
                .required(
                    "verdict",
                    Schema.choice(HypothesisVerdict.self).orNull.about(
                        "Null until it is known: some time after the run's end."
                    )
                ),
                .required(
                    "deviations",
                    Schema.list(
                        of: .object(
                            .required("probe", .text(.probeName)),
                            .required("at", .time),
                            .required("text", .text)
                        )
                    ).about("The first of each probe that deviated.")
                ),
                .required(
                    "recoverySeconds",
                    Schema(type: "number", [.init("minimum", 0)]).orNull.about(
                        "From the end of the faults until every probe was inside its tolerance; null where that is not known, or took too long."
                    )
                )
            )
        ),
    ]

    private static let requires = Schema.text(.expression).about(
        "With prometheus only: another expression, which must yield something for the first to be believed."
    )
    private static let hold = Schema.text(1...32, #"^(P[0-9DTHMS.]+|[0-9]+(ms|s|m|h))$"#).about(
        "How long it must be bad without a break to count, 1 second to 1 hour: ISO 8601, or as in 30s."
    )
    private static let breaches = Schema.whole(1...100).about("In how many readings it must be bad to count.")
    private static let of = Schema.whole(1...100).about(
        "In breaches of how many readings, the last ones; as many as breaches where not given."
    )
    private static let pointer = Schema.text(0...512, #"^(/([^~\u0000]|~[01])*)?$"#).about(
        "With http and a tolerance: a JSON pointer to the number that the tolerance is for."
    )
    private static let tolerance = Schema.anyOf([
        .exact(.required("min", Schema(type: "number")), .optional("max", Schema(type: "number"))),
        .exact(.optional("min", Schema(type: "number")), .required("max", Schema(type: "number"))),
    ])
    private static let recovery = Schema.text(1...32, #"^P[0-9DTHMS.]+$"#).about(
        "How long the system may take to recover once the faults have ended, 1 second to 1 hour in ISO 8601; PT5M where not given."
    )
}

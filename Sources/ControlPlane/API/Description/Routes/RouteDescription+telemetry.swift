import Base

/// `/v1/telemetry`.
extension RouteDescription {
    static let telemetry: [RouteDescription] = [
        report(
            "ReportTelemetry",
            "Say what instances did since they said so last. A report counts once, however often it is sent.",
            [sender]
        ),
        report(
            "ReportTelemetryByToken",
            "The same with an agent's key in the path.",
            [sender],
            errors: [.accessDenied, .throttling, .unavailable]
        ),
        .init(
            "GetTelemetry",
            .telemetry,
            "What the instances of a target, or of a run's targets, did, step by step.",
            [
                .init(
                    "target",
                    .text(1...2_048, Schema.Pattern.target),
                    "The target; with experiment, the only one of the run's."
                ),
                .init(
                    "experiment",
                    .experimentID,
                    "The run whose targets are meant, from five minutes before it to a quarter of an hour after it."
                ),
                .init(
                    "from",
                    moment,
                    "The first moment, in seconds since 1970; sixty steps before the end if absent."
                ),
                .init("to", moment, "The end, in seconds since 1970; now if absent."),
                .init("step", step, "The length of a step in seconds, a multiple of 5; 5 if absent."),
            ] + .page,
            answer: .page("samples", of: .named("TelemetrySample")),
            errors: [.notFound]
        ),
    ]

    private static let sender = Parameter(
        "instance",
        .text(1...256, #"^[^\u0000-\u001F\u007F]*$"#),
        "Who sends; those that share a key may each send as often as if it were their own."
    )
    private static let moment = Schema.number(0...4_000_000_000)
    private static let step = Schema(
        type: "integer",
        [.init("minimum", 5), .init("maximum", 3_600), .init("multipleOf", 5)]
    )
    private static let count = Schema.whole(0...1_000_000_000)

    private static func report(
        _ name: String,
        _ summary: String,
        _ parameters: [Parameter],
        errors: [ErrorCode] = []
    ) -> RouteDescription {
        let report = Schema.exact(
            .required("target", .text(1...2_048, Schema.Pattern.target)),
            .required("instance", .text(1...256, #"^[^\u0000-\u001F\u007F]*$"#)),
            .required("sequence", .whole(1...Int64.max).about("Counts the instance's reports from 1.")),
            .optional(
                "since",
                moment.about("When the instance began to count: whoever begins anew counts from 1 again.")
            ),
            .optional("invocations", count),
            .optional("errors", count.about("Those of the invocations that ended in an error.")),
            .optional(
                "injected",
                Schema.map(of: count, atMost: 100).about("How often each fault was injected, by its id.")
            ),
            .optional(
                "durations",
                Schema.map(of: count, names: .pattern("^([0-9]|[1-7][0-9]|80)$")).about(
                    "How many invocations took how long, by bucket: bucket i ends at 2^(i/4) milliseconds."
                )
            )
        )
        return RouteDescription(
            name,
            .telemetry,
            summary,
            parameters,
            body: .exact(.required("reports", .list(of: report, 1...100))),
            answer: .object(
                .required("taken", .whole),
                .required("repeated", .whole),
                .required("dropped", .whole)
            ),
            errors: errors,
            needsDatabase: false
        )
    }
}

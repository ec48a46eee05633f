extension SchemaComponent {
    static let telemetry: [SchemaComponent] = [
        .init(
            "TelemetrySample",
            .object(
                .required("time", Schema.whole.about("When the step begins, in seconds since 1970.")),
                .required(
                    "instances",
                    Schema.whole.about("The most that reported within five seconds of it.")
                ),
                .required("invocations", .whole),
                .required("errors", .whole),
                .required("injected", .whole),
                .required("errorRate", share.orNull.about("Null without invocations.")),
                .required("p50", milliseconds.orNull),
                .required("p99", milliseconds.orNull)
            )
        )
    ]

    private static let share = Schema(type: "number")
    private static let milliseconds = Schema(type: "number").about("In milliseconds.")
}

import Base

/// The safety lever and what a halt proves.
extension SchemaComponent {
    static let safety: [SchemaComponent] = [
        .init(
            "SafetyLever",
            .object(
                .required("id", .oneOf(["default"])),
                .required("arn", .arn),
                .required("state", .object(.required("status", leverStatus), .required("reason", .text)))
            )
        ),
        .init(
            "HaltProof",
            .object(
                .required("status", leverStatus),
                .required("epoch", .whole),
                .required("engagementId", Schema.text.orNull),
                .required("reason", .text),
                .required("engagedAt", Schema.time.orNull),
                .required("durable", .object(.required("latch", .truth), .required("database", .truth))),
                .required("experimentsStopped", .list(of: .arn)),
                .required("experimentsStoppedOfOtherAccounts", .whole)
            )
        ),
        .init(
            "AccountHalt",
            .object(
                .required("scope", .oneOf(["account"])),
                .required("experimentsStopped", .list(of: .arn))
            )
        ),
    ]

    private static let leverStatus = Schema.oneOf(["disengaged", "engaging", "engaged"])
}

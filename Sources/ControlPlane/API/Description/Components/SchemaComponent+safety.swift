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
                .required(
                    "offBy",
                    Schema.time.orNull.about(
                        "When the last injector that keeps its lease is off, at the latest; null while nobody can know."
                    )
                ),
                .required("durable", .object(.required("latch", .truth), .required("database", .truth))),
                .required(
                    "nodes",
                    .object(
                        .required("known", .whole),
                        .required("confirmed", .whole),
                        .required("silent", .list(of: .text))
                    )
                ),
                .required("experimentsStopped", .list(of: .arn)),
                .required("experimentsStoppedOfOtherAccounts", .whole),
                .required("instances", instances)
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

    private static let instances = Schema.object(
        .required("known", Schema.whole.about("Who could inject something when the halt began.")),
        .required("confirmed", Schema.whole.about("Who has named a version of the halt's epoch.")),
        .required("off", Schema.whole.about("Whose lease is over.")),
        .required(
            "silent",
            .list(
                of: .object(
                    .required("target", .text),
                    .required("instance", .text),
                    .required("offBy", .time)
                )
            )
        ),
        .required("silentCount", .whole),
        .required("untracked", .whole),
        .required("nodesNotAsked", .whole),
        .required(
            "withoutLease",
            Schema.list(
                of: .object(
                    .required("target", .text),
                    .required("parameter", .text),
                    .required("dialect", .text),
                    .required("servedAt", .time),
                    .required("offSince", Schema.time.orNull),
                    .required("note", .text)
                )
            ).about("Who had read a fault from a parameter, and may be doing it yet: no lease ends that.")
        ),
        .required("withoutLeaseCount", .whole),
        .required(
            "withoutLeaseKnownSince",
            Schema.time.orNull.about(
                "When a node was last started again or lost, if that was lately: whom it told before that nobody knows any more."
            )
        )
    )

    private static let leverStatus = Schema.oneOf(["disengaged", "engaging", "engaged"])
}

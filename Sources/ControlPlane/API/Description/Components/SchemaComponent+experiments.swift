import Base
import Experiments

/// Runs, what happened in them, and the faults they publish.
extension SchemaComponent {
    static let experiments: [SchemaComponent] = [
        .init(
            "Coverage",
            .object(
                .required(
                    "targets",
                    .list(
                        of: .object(
                            .required("action", .text),
                            .required("target", .text),
                            .required("seen", .whole),
                            .required("holding", .whole),
                            .required("held", .whole),
                            .required("rejecting", .whole),
                            .required("reasons", .map(of: .whole)),
                            .required("cleared", .whole),
                            .required("off", .whole),
                            .required(
                                "silent",
                                .list(of: .object(.required("instance", .text), .required("offBy", .time)))
                            ),
                            .required("silentCount", .whole),
                            .required("untracked", .whole),
                            .required("withoutLease", .whole),
                            .required("unknown", .whole),
                            .required("firstHeldAt", Schema.time.orNull),
                            .required("lastHeldAt", Schema.time.orNull),
                            .required("injected", Schema.whole.orNull)
                        )
                    )
                )
            )
        ),
        .init(
            "Experiment",
            .object(
                .required("id", .experimentID),
                .required("arn", .arn),
                .required("experimentTemplateId", .templateID),
                .required("roleArn", .arn),
                .required("state", .named("ExperimentState")),
                .optional("queue", queue),
                .required("targets", targets),
                .required("actions", .map(of: .named("ExperimentAction"))),
                .required("stopConditions", stopConditions),
                .required("creationTime", .time),
                .optional("startTime", .time),
                .optional("endTime", .time),
                .required("tags", .named("Tags")),
                .optional("logConfiguration", .named("LogConfiguration")),
                .required("experimentOptions", options),
                .optional("targetAccountConfigurationsCount", accountConfigurationsCount),
                .optional("experimentReportConfiguration", .named("ExperimentReportConfiguration")),
                .optional("steadyStateHypothesis", .named("SteadyStateHypothesis")),
                .optional("steadyState", .named("SteadyState"))
            )
        ),
        .init(
            "ExperimentSummary",
            .object(
                .required("id", .experimentID),
                .required("arn", .arn),
                .required("experimentTemplateId", .templateID),
                .required("state", .named("ExperimentState")),
                .required("creationTime", .time),
                .required("tags", .named("Tags")),
                .required("experimentOptions", options)
            )
        ),
        .init(
            "ExperimentState",
            .object(
                .required("status", .choice(RunStatus.self)),
                .required("reason", .text),
                .optional("error", runError)
            )
        ),
        .init(
            "ExperimentAction",
            .object(
                .required("actionId", .named("ActionId")),
                .optional("description", .text(.description)),
                .optional("parameters", actionParameters),
                .optional("targets", slots),
                .optional("startAfter", startAfter),
                .required("state", actionState),
                .optional("startTime", .time),
                .optional("endTime", .time)
            )
        ),
        .init(
            "ResolvedTarget",
            .object(
                .required("resourceType", .named("ResourceType")),
                .required("targetName", .text(.name)),
                .required("targetInformation", .map(of: .text))
            )
        ),
        .init(
            "ExperimentEvent",
            .object(
                .required("number", Schema(type: "integer", [.init("minimum", 1)])),
                .required("time", .time),
                .required("kind", .choice(RunEvent.Kind.self)),
                .required("subject", Schema.text.about("The experiment's id, or the action or target.")),
                .required("from", Schema.text.orNull.about("Null where it came into being.")),
                .required("to", .text),
                .required("reason", .text),
                .optional("resources", .list(of: .text)),
                .required(
                    "digest",
                    Schema.pattern("^[0-9a-f]{64}$").about("Over this event and the one before.")
                )
            )
        ),
        .init(
            "FaultDocument",
            .object(
                .required("target", .text),
                .required(
                    "version",
                    Schema.whole.orNull.about(
                        "epoch * 2^32 + the target's own count of changes; null where the node is not sure of anything."
                    )
                ),
                .required("epoch", .whole),
                .required("faults", .list(of: .named("Fault"))),
                .optional(
                    "degraded",
                    Schema.text.about("Why the node is not sure; then nothing is to be injected.")
                )
            )
        ),
        .init(
            "Fault",
            .object(
                .required("id", .text),
                .required("experimentId", .experimentID),
                .required("actionId", .named("ActionId")),
                .required("parameters", .map(of: .text)),
                .required("salt", Schema.text.about("What choices are made from.")),
                .required("notBefore", .time),
                .required("notAfter", .time)
            )
        ),
    ]

    private static let options = Schema.object(
        .required("accountTargeting", .choice(ExperimentOptions.AccountTargeting.self)),
        .required("emptyTargetResolutionMode", .choice(ExperimentOptions.EmptyTargets.self)),
        .optional("overlapPolicy", .choice(OverlapPolicy.self)),
        .optional("queueTimeout", queueTimeout),
        .required("actionsMode", .choice(Run.ActionsMode.self))
    )
    private static let queue = Schema.object(
        .required("place", Schema(type: "integer", [.init("minimum", 1)])),
        .required("heldBy", .list(of: .experimentID)),
        .required("expiresAt", .time)
    )
    private static let runError = Schema.object(
        .required("accountId", .text),
        .required("code", .choice(RunError.Code.self)),
        .required("location", .text)
    )
    private static let actionState = Schema.object(
        .required("status", .choice(ActionStatus.self)),
        .required("reason", .text)
    )
}

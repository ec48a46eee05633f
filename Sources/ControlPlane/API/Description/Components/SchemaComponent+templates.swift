import Base
import Experiments

/// Templates, and what an experiment shows of its own.
extension SchemaComponent {
    static let templates: [SchemaComponent] = [
        .init(
            "ExperimentTemplate",
            .object(
                .required("id", .templateID),
                .required("arn", .arn),
                .required("description", .text(.description)),
                .required("targets", targets),
                .required("actions", .map(of: .named("TemplateAction"))),
                .required("stopConditions", stopConditions),
                .required("roleArn", .arn),
                .required("tags", .named("Tags")),
                .optional("logConfiguration", .named("LogConfiguration")),
                .required("experimentOptions", .named("ExperimentOptions")),
                .optional("experimentReportConfiguration", .named("ExperimentReportConfiguration")),
                .optional("steadyStateHypothesis", .named("SteadyStateHypothesis")),
                .required("creationTime", .time),
                .required("lastUpdateTime", .time),
                .optional("targetAccountConfigurationsCount", accountConfigurationsCount)
            )
        ),
        .init(
            "ExperimentTemplateSummary",
            .object(
                .required("id", .templateID),
                .required("arn", .arn),
                .required("description", .text),
                .required("creationTime", .time),
                .required("lastUpdateTime", .time),
                .required("tags", .named("Tags"))
            )
        ),
        .init(
            "TemplateAction",
            .exact(
                .required("actionId", .named("ActionId")),
                .optional("description", .text(.description)),
                .optional("parameters", actionParameters),
                .optional("targets", slots),
                .optional("startAfter", startAfter)
            )
        ),
        .init(
            "TemplateTarget",
            .exact(
                .required("resourceType", .named("ResourceType")),
                .optional("resourceArns", .list(of: .arn, 0...5)),
                .optional(
                    "resourceTags",
                    .map(of: .text(.tagValue), names: .text(.resourceTagKey), atMost: 50)
                ),
                .optional("filters", .list(of: .named("TargetFilter"), 0...100)),
                .required("selectionMode", selectionMode),
                .optional(
                    "parameters",
                    .map(of: .text(.targetParameter), names: .text(.name), atMost: 100)
                )
            )
        ),
        .init(
            "TargetFilter",
            .exact(
                .required("path", .text(.filterPath)),
                .required("values", .list(of: .text(.filterValue), 1...100))
            )
        ),
        .init(
            "ExperimentOptions",
            .exact(
                .optional("accountTargeting", .choice(ExperimentOptions.AccountTargeting.self)),
                .optional("emptyTargetResolutionMode", .choice(ExperimentOptions.EmptyTargets.self)),
                .optional("overlapPolicy", .choice(OverlapPolicy.self)),
                .optional("queueTimeout", queueTimeout)
            )
        ),
        .init(
            "LogConfiguration",
            .exact(
                .required("logSchemaVersion", .whole(1...2)),
                .optional("cloudWatchLogsConfiguration", .exact(.required("logGroupArn", .arn))),
                .optional("s3Configuration", bucket(prefix: .logPrefix))
            )
        ),
        .init(
            "ExperimentReportConfiguration",
            .exact(
                .optional("outputs", .exact(.optional("s3Configuration", bucket(prefix: .reportPrefix)))),
                .optional("dataSources", dataSources),
                .optional("preExperimentDuration", window),
                .optional("postExperimentDuration", window)
            )
        ),
        .init(
            "TargetAccountConfiguration",
            .object(
                .required("accountId", .text(12...48)),
                .required("roleArn", .arn),
                .optional("description", .text(0...512))
            )
        ),
    ]

    static let targets = Schema.map(of: .named("TemplateTarget"), names: .text(.name))
    static let stopConditions = Schema.list(of: .named("StopCondition"), 1...100)
    static let accountConfigurationsCount = Schema(type: "integer", [.init("minimum", 0)])
    static let actionParameters = Schema.map(of: .text(.actionParameter), names: .text(.name), atMost: 100)
    static let slots = Schema.map(of: .text(.name), names: .text(.name), atMost: 100)
    static let startAfter = Schema.list(of: .text(.name))
    private static let selectionMode = Schema.pattern(
        #"^(ALL|COUNT\([1-9][0-9]{0,8}\)|PERCENT\(([1-9][0-9]?|100)\))$"#
    )
    private static let window = Schema.text(1...32, #"^P[0-9DTHMS.]+$"#).about("ISO 8601, at most 12 hours.")
    static let queueTimeout = Schema.text(1...32, #"^P[0-9DTHMS.]+$"#)
        .about("ISO 8601, 1 second to 12 hours, with overlapPolicy queue only; PT10M where not given.")
    private static let dataSources = Schema.exact(
        .optional(
            "cloudWatchDashboards",
            .list(of: .exact(.required("dashboardIdentifier", .text(.dashboard))), 0...100)
        )
    )

    private static func bucket(prefix: TextRule) -> Schema {
        .exact(.required("bucketName", .text(.bucketName)), .optional("prefix", .text(prefix)))
    }
}

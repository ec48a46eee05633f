import Experiments

/// `/experimentTemplates`.
extension RouteDescription {
    static let templates: [RouteDescription] = [
        .init(
            "CreateExperimentTemplate",
            .templates,
            "Write down an experiment, to be run as often as one likes.",
            body: .exact(
                .required("clientToken", .clientToken),
                .required("description", .text(.description)),
                .optional("targets", SchemaComponent.targets),
                .required("actions", .map(of: .named("TemplateAction"), names: .text(.name))),
                .required("stopConditions", SchemaComponent.stopConditions),
                .required("roleArn", .arn),
                .optional("tags", .named("Tags")),
                .optional("logConfiguration", .named("LogConfiguration")),
                .optional("experimentOptions", .named("ExperimentOptions")),
                .optional("experimentReportConfiguration", .named("ExperimentReportConfiguration")),
                .optional("steadyStateHypothesis", .named("SteadyStateHypothesis"))
            ),
            answer: template,
            errors: [.quotaExceeded, .notFound, .conflict]
        ),
        .init(
            "ListExperimentTemplates",
            .templates,
            "The account's templates, newest first.",
            .page,
            answer: .page("experimentTemplates", of: .named("ExperimentTemplateSummary"))
        ),
        .init("GetExperimentTemplate", .templates, "A template.", answer: template, errors: [.notFound]),
        .init(
            "UpdateExperimentTemplate",
            .templates,
            "Replace members of a template; those not given keep their value.",
            body: Body(
                schema: .exact(
                    .optional("description", .text(.description)),
                    .optional("targets", SchemaComponent.targets),
                    .optional("actions", .map(of: actionUpdate, names: .text(.name))),
                    .optional("stopConditions", SchemaComponent.stopConditions),
                    .optional("roleArn", .arn),
                    .optional("logConfiguration", logUpdate),
                    .optional(
                        "experimentOptions",
                        .exact(
                            .optional(
                                "emptyTargetResolutionMode",
                                .choice(ExperimentOptions.EmptyTargets.self)
                            )
                        )
                    ),
                    .optional("experimentReportConfiguration", .named("ExperimentReportConfiguration")),
                    .optional("steadyStateHypothesis", hypothesisUpdate)
                ),
                isRequired: false
            ),
            answers: [.json(template)],
            errors: [.notFound]
        ),
        .init(
            "DeleteExperimentTemplate",
            .templates,
            "Delete a template; experiments that were started from it go on.",
            answer: template,
            errors: [.notFound]
        ),
    ]

    private static let template = Schema.warned("experimentTemplate", .named("ExperimentTemplate"))
    private static let actionUpdate = Schema.exact(
        .optional(
            "actionId",
            Schema.named("ActionId").about("Where not given, that of the action of this name.")
        ),
        .optional("description", .text(.description)),
        .optional("parameters", SchemaComponent.actionParameters),
        .optional("targets", SchemaComponent.slots),
        .optional("startAfter", SchemaComponent.startAfter)
    )
    private static let hypothesisUpdate = Schema.anyOf([
        .named("SteadyStateHypothesis"), Schema.exact().about("An empty one takes the hypothesis away."),
    ])
    private static let logUpdate = Schema.anyOf([
        .named("LogConfiguration"), Schema.exact().about("An empty one turns the log off."),
    ])
}

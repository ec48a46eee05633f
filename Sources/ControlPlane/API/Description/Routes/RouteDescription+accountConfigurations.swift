/// `/experimentTemplates/{templateId}/targetAccountConfigurations`.
extension RouteDescription {
    static let accountConfigurations: [RouteDescription] = [
        .init(
            "CreateTargetAccountConfiguration",
            .accountConfigurations,
            "Give a template a role in another account.",
            body: .exact(
                .optional("clientToken", .clientToken),
                .required("roleArn", .arn),
                .optional("description", description)
            ),
            answer: configuration,
            errors: [.quotaExceeded, .notFound, .conflict]
        ),
        .init(
            "GetTargetAccountConfiguration",
            .accountConfigurations,
            "A template's role in an account.",
            answer: configuration,
            errors: [.notFound]
        ),
        .init(
            "UpdateTargetAccountConfiguration",
            .accountConfigurations,
            "Replace members of a template's role in an account; those not given keep their value.",
            body: Body(
                schema: .exact(.optional("roleArn", .arn), .optional("description", description)),
                isRequired: false
            ),
            answers: [.json(configuration)],
            errors: [.notFound]
        ),
        .init(
            "DeleteTargetAccountConfiguration",
            .accountConfigurations,
            "Take a template's role in an account away.",
            answer: configuration,
            errors: [.notFound]
        ),
        .init(
            "ListTargetAccountConfigurations",
            .accountConfigurations,
            "A template's roles in other accounts.",
            .page,
            answer: list,
            errors: [.notFound]
        ),
        .init(
            "ListExperimentTargetAccountConfigurations",
            .accountConfigurations,
            "The roles in other accounts that an experiment was started with.",
            .page,
            answer: list,
            errors: [.notFound]
        ),
        .init(
            "GetExperimentTargetAccountConfiguration",
            .accountConfigurations,
            "The role in an account that an experiment was started with.",
            answer: configuration,
            errors: [.notFound]
        ),
    ]

    private static let list = Schema.page(
        "targetAccountConfigurations",
        of: .named("TargetAccountConfiguration")
    )
    private static let configuration = Schema.envelope(
        "targetAccountConfiguration",
        .named("TargetAccountConfiguration")
    )
    private static let description = Schema.text(0...512, #"^[^\u0000]*$"#)
}

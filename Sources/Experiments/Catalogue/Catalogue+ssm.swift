/// Actions that run a document of Systems Manager.
extension Catalogue {
    static let commandActions: [CatalogueAction] = [
        CatalogueAction(
            "aws:ssm:send-command",
            "Runs a command document on the target instances.",
            slot: .init("Instances", "aws:ec2:instance"),
            parameters: document + [.duration]
        ),
        CatalogueAction(
            "aws:ssm:start-automation-execution",
            "Runs an automation document.",
            parameters: document + [
                .required(
                    "maxDuration",
                    .duration(from: .minutes(1), to: .hours(12)),
                    "The longest that it may take."
                )
            ]
        ),
    ]

    private static let document: [CatalogueParameter] = [
        .required("documentArn", .arn, "The document to run."),
        .optional("documentVersion", .text, "Its version; not given, the document's default version runs."),
        .optional(
            "documentParameters",
            .json,
            "What the document takes: a JSON object of texts and lists of texts."
        ),
    ]
}

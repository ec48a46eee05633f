import HTTPServer

/// `/actions`, `/targetResourceTypes`, `/tags`, `/v1/targets` and `/v1/faults`.
extension RouteDescription {
    static let catalogue: [RouteDescription] = [
        .init(
            "ListActions",
            .catalogue,
            "What experiments can do.",
            .page,
            answer: .page("actions", of: .named("ActionSummary")),
            needsDatabase: false
        ),
        .init(
            "GetAction",
            .catalogue,
            "An action and its parameters.",
            answer: .envelope("action", .named("Action")),
            errors: [.notFound],
            needsDatabase: false
        ),
        .init(
            "ListTargetResourceTypes",
            .catalogue,
            "What experiments can be aimed at.",
            .page,
            answer: .page("targetResourceTypes", of: .named("TargetResourceTypeSummary")),
            needsDatabase: false
        ),
        .init(
            "GetTargetResourceType",
            .catalogue,
            "A type of resource and its parameters.",
            answer: .envelope("targetResourceType", .named("TargetResourceType")),
            errors: [.notFound],
            needsDatabase: false
        ),
    ]

    static let tags: [RouteDescription] = [
        .init(
            "TagResource",
            .tags,
            "Put tags on a template or experiment, over those of the same keys.",
            body: .exact(.required("tags", .named("Tags"))),
            answer: .exact(),
            errors: [.notFound]
        ),
        .init(
            "UntagResource",
            .tags,
            "Take tags off a template or experiment.",
            [.init("tagKeys", .list(of: .text(1...128)), "Their keys, as tagKeys=A&tagKeys=B.")],
            answer: .exact(),
            errors: [.notFound]
        ),
        .init(
            "ListTagsForResource",
            .tags,
            "The tags of a template or experiment.",
            answer: .envelope("tags", .named("Tags")),
            errors: [.notFound]
        ),
    ]

    static let targets: [RouteDescription] = [
        .init(
            "ListTargets",
            .targets,
            "What is registered.",
            [
                .init("resourceType", .named("ResourceType"), "Only targets of this type."),
                .init(
                    "tag",
                    .list(of: .pattern("^[^=\\u0000]+=[^\\u0000]*$")),
                    "Only targets with all of these tags, as tag=KEY=VALUE."
                ),
            ] + .page,
            answer: .page("targets", of: .named("Target"))
        ),
        .init("GetTarget", .targets, "A target.", answer: target, errors: [.notFound]),
        .init(
            "PutTarget",
            .targets,
            "Register a target, or replace what is known of it.",
            body: .exact(
                .required("resourceType", .named("ResourceType")),
                .optional("tags", .named("ResourceTags")),
                .optional("attributes", Schema(type: "object").about("What filters look into."))
            ),
            answer: target
        ),
        .init(
            "DeleteTarget",
            .targets,
            "Take a target off the register.",
            answer: target,
            errors: [.notFound]
        ),
    ]

    static let faults: [RouteDescription] = [
        .init(
            "AcknowledgeFaults",
            .faults,
            "Say that an instance holds a version, which naming it in a poll says as well, or that it cannot do it, and why.",
            body: .exact(
                .required("instance", .text(1...256, #"^[^\u0000-\u001F\u007F]*$"#)),
                .required("version", .whole(0...Int64.max)),
                .required("status", .oneOf(["holding", "rejected"])),
                .optional("reason", .text(0...512, #"^[^\u0000]*$"#)),
                .optional(
                    "faults",
                    Schema.list(of: .text, 0...100).about(
                        "The ids of those that are rejected; all, if it is absent."
                    )
                )
            ),
            answer: .object(),
            needsDatabase: false
        ),
        .init(
            "PollFaults",
            .faults,
            "The faults that an injector is to inject now into its target.",
            [
                .init(
                    "instance",
                    .text(1...256, #"^[^\u0000-\u001F\u007F]*$"#),
                    isRequired: true,
                    "The name of the asking instance."
                ),
                .init(
                    "qualifier",
                    .text(0...128, #"^[^\u0000-\u001F\u007F]*$"#),
                    "The alias or version by which a function is invoked: faults meant for it alone are told too."
                ),
                .init(
                    "wait",
                    .pattern(#"^[0-9]{1,2}(\.[0-9]{1,3})?$"#),
                    "How many seconds to hold the request until something changes, where what is held is current."
                ),
                .init("If-None-Match", .text, in: .header, "The ETag of the document that is held."),
            ],
            answers: [
                Answer(
                    contents: [("application/json", .named("FaultDocument"))],
                    headers: ResponseHeader.poll
                ),
                Answer(
                    contents: [],
                    status: .notModified,
                    text: "What is held is current.",
                    headers: ResponseHeader.poll
                ),
            ]
        ),
    ]

    private static let target = Schema.envelope("target", .named("Target"))
}

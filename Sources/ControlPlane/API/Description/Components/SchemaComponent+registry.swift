import Base
import Experiments

/// The catalogue, and the targets that a team registers.
extension SchemaComponent {
    static let catalogue: [SchemaComponent] = [
        .init("ActionId", .oneOf(Catalogue.standard.actions.map(\.id))),
        .init("ResourceType", .oneOf(Catalogue.standard.resourceTypes.map(\.id))),
        .init("Action", .object(actionHead + [.required("parameters", parameters)] + actionRest)),
        .init("ActionSummary", .object(actionHead + actionRest)),
        .init("TargetResourceType", .object(typeHead + [.required("parameters", parameters)])),
        .init("TargetResourceTypeSummary", .object(typeHead)),
    ]

    static let registry: [SchemaComponent] = [
        .init(
            "Target",
            .object(
                .required("arn", .text(1...2_048)),
                .required("resourceType", .text(.catalogueID)),
                .required("tags", .named("ResourceTags")),
                .required("attributes", Schema(type: "object")),
                .required("createdAt", .time),
                .required("updatedAt", .time),
                .required("seenAt", Schema.time.orNull)
            )
        ),
        .init("ResourceTags", .map(of: .text(.tagValue), names: .text(.resourceTagKey), atMost: 50)),
    ]

    private static let actionHead: [Schema.Member] = [
        .required("id", .named("ActionId")), .required("arn", .text), .required("description", .text),
    ]
    private static let actionRest: [Schema.Member] = [
        .optional("targets", .map(of: .object(.required("resourceType", .named("ResourceType"))))),
        .required("tags", .map(of: .text)),
    ]
    private static let typeHead: [Schema.Member] = [
        .required("resourceType", .named("ResourceType")), .required("description", .text),
    ]
    private static let parameters = Schema.map(
        of: .object(.required("description", .text), .required("required", .truth))
    )
}

import Experiments

/// `/v1/bindings`, and SSM's way of reading parameters.
extension RouteDescription {
    static let parameters: [RouteDescription] = [
        .init(
            "ListBindings",
            .parameters,
            "The names under which the account's functions read their faults.",
            .page,
            answer: .page("bindings", of: .named("Binding"))
        ),
        .init("GetBinding", .parameters, "What a name is bound to.", answer: binding, errors: [.notFound]),
        .init(
            "PutBinding",
            .parameters,
            "Bind a name to a target, in the form that the library behind it reads.",
            body: .exact(
                .required("target", .text(1...2_048, Schema.Pattern.target)),
                .required("dialect", .oneOf(Dialect.allCases.map(\.rawValue))),
                .optional("qualifier", .text(1...128, #"^[^\u0000-\u001F\u007F]*$"#))
            ),
            answer: binding,
            errors: [.quotaExceeded]
        ),
        .init(
            "DeleteBinding",
            .parameters,
            "Take a name away; whoever reads it is told that there is no such parameter.",
            answer: binding,
            errors: [.notFound]
        ),
        reading("ReadParameters", "Signed, or from nobody known, who is told that nothing is on."),
        reading("ReadParametersByToken", "With an agent's key in the path."),
        reading("ReadParametersByTokenAndSlash", "The same for programs that put a slash behind an address."),
    ]

    private static func reading(_ name: String, _ how: String) -> RouteDescription {
        RouteDescription(
            name,
            .parameters,
            "AWS Systems Manager's GetParameter, GetParameters and DescribeParameters (JSON 1.1). " + how,
            [
                .init(
                    "X-Amz-Target",
                    .oneOf(
                        ["GetParameter", "GetParameters", "DescribeParameters"].map { "AmazonSSM." + $0 }
                    ),
                    in: .header,
                    isRequired: true,
                    "What is asked for."
                )
            ],
            body: Body(
                schema: .object(
                    .optional("Name", .text(1...2_048)),
                    .optional("Names", .list(of: .text(1...2_048), 1...10)),
                    .optional("WithDecryption", .truth)
                )
            ),
            answers: [
                Answer(contents: [("application/x-amz-json-1.1", .anyOf([one, several, listing]))])
            ],
            errors: [.accessDenied, .unknownOperation, .unavailable]
        )
    }

    private static let binding = Schema.envelope("binding", .named("Binding"))
    private static let one = Schema.envelope("Parameter", .named("Parameter"))
    private static let several = Schema.object(
        .required("Parameters", .list(of: .named("Parameter"))),
        .required("InvalidParameters", .list(of: .text))
    )
    private static let listing = Schema.object(
        .required("Parameters", .list(of: .named("ParameterMetadata"))),
        .optional("NextToken", .text)
    )
}

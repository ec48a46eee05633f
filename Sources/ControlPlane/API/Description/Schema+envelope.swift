/// How answers wrap what they give, and how a list is paged.
extension Schema {
    /// One element under its name.
    static func envelope(_ name: String, _ schema: Schema) -> Schema { .object(.required(name, schema)) }

    /// The same where warnings may stand beside it.
    static func warned(_ name: String, _ schema: Schema) -> Schema {
        .object(
            .required(name, schema),
            .optional("warnings", Schema.list(of: .text).about("What whoever runs it should know."))
        )
    }

    /// A page of a list.
    static func page(_ name: String, of schema: Schema) -> Schema {
        .object(
            .required(name, .list(of: schema, 0...100)),
            .optional("nextToken", Schema.text.about("Left out on the last page."))
        )
    }
}

extension [RouteDescription.Parameter] {
    /// Which part of a list.
    static let page: [RouteDescription.Parameter] = [
        .init(
            "maxResults",
            .whole(1...100),
            "How many elements the answer has at most; 100 where not given."
        ),
        .init(
            "nextToken",
            .pattern("^([0-9a-f]{2})+$"),
            "Where to go on: the token that the page before gave for the same request."
        ),
    ]
}

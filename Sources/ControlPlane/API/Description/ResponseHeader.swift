import Base

/// A header of answers, described once for all routes.
struct ResponseHeader {
    let name: String
    let schema: Schema
    let text: String
    var isRequired = true

    static let all: [ResponseHeader] = [
        .init(name: "x-amzn-RequestId", schema: .text, text: "Names the request in the log and the audit."),
        .init(
            name: "x-amzn-ErrorType",
            schema: .choice(ErrorCode.self),
            text: "The name of the error, as in the body."
        ),
        .init(
            name: "Retry-After",
            schema: .pattern("^[0-9]+$"),
            text: "Seconds after which asking again may help.",
            isRequired: false
        ),
        .init(
            name: "ETag",
            schema: .pattern(#"^"[0-9]+"$"#),
            text: "The document's version; naming it in If-None-Match says that it is held."
        ),
    ]

    static func references(_ names: [String]) -> JSON {
        .object(names.map { .init($0, ["$ref": .string("#/components/headers/\($0)")]) })
    }

    var json: JSON {
        ["required": .bool(isRequired), "description": .string(text), "schema": schema.json]
    }
}

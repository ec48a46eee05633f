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
            text:
                "The document's version; naming it in If-None-Match says that it is held. A degraded answer has none.",
            isRequired: false
        ),
        .init(
            name: "Faultplane-Lease",
            schema: seconds,
            text: "For how many seconds the answer may be trusted, counted from when it was given.",
            isRequired: false
        ),
        .init(
            name: "Faultplane-Held",
            schema: seconds,
            text: "For how many seconds the request was held before it was answered.",
            isRequired: false
        ),
        .init(name: "Faultplane-Next-Poll", schema: seconds, text: "In how many seconds to ask again."),
        .init(
            name: "Faultplane-Time",
            schema: seconds,
            text: "The server's clock when it answered, in seconds since 1970.",
            isRequired: false
        ),
    ]

    /// What every answer to a poll has.
    static let poll = [
        "ETag", "Faultplane-Lease", "Faultplane-Held", "Faultplane-Next-Poll", "Faultplane-Time",
    ]

    private static let seconds = Schema.pattern(#"^[0-9]+\.[0-9]{9}$"#)

    static func references(_ names: [String]) -> JSON {
        .object(names.map { .init($0, ["$ref": .string("#/components/headers/\($0)")]) })
    }

    var json: JSON {
        ["required": .bool(isRequired), "description": .string(text), "schema": schema.json]
    }
}

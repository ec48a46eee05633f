import Base
import Experiments

/// A schema that has a name of its own in the document.
struct SchemaComponent {
    let name: String
    let schema: Schema

    init(_ name: String, _ schema: Schema) {
        self.name = name
        self.schema = schema
    }

    static var all: [SchemaComponent] {
        common + templates + conditions + experiments + catalogue + registry + identity + safety + readings
            + alarms + telemetry + guards
    }

    private static let common: [SchemaComponent] = [
        .init(
            "Error",
            .object(
                .required("__type", .choice(ErrorCode.self)),
                .required("message", Schema.text(1...1_024).about("What was given, and what is accepted.")),
                .required("requestId", .text),
                .optional(
                    "problems",
                    Schema.list(of: .text).about("All that is wrong, where the message cannot hold it.")
                )
            )
        ),
        .init("Time", Schema(type: "number").about("Seconds since 1970, with milliseconds.")),
        .init("ARN", .text(.arn)),
        .init("Tags", .map(of: .text(.tagValue), names: .text(.tagKey), atMost: 50)),
        .init(
            "Readiness",
            .object(
                .required("ready", .truth),
                .required("checks", Schema.map(of: .text).about("What is wrong with each, or ok."))
            )
        ),
    ]
}

import Base
import Experiments

/// Parameters, as SSM's clients read them, and what binds them.
extension SchemaComponent {
    static let readings: [SchemaComponent] = [
        .init(
            "Binding",
            .object(
                .required("name", .text(1...1_011)),
                .required("target", .text(1...2_048)),
                .required("dialect", .text),
                .required("qualifier", Schema.text.orNull),
                .required("createdAt", .time),
                .required("updatedAt", .time)
            )
        ),
        .init(
            "Parameter",
            .object(
                .required("Name", .text),
                .required("Type", .oneOf(["String"])),
                .required(
                    "Value",
                    Schema.text.about("The faults that are on, in the form of the library that reads it.")
                ),
                .required("Version", Schema.whole.about("Of the target's document.")),
                .required("LastModifiedDate", .time),
                .required("ARN", .text),
                .required("DataType", .oneOf(["text"]))
            )
        ),
        .init(
            "ParameterMetadata",
            .object(
                .required("Name", .text),
                .required("ARN", .text),
                .required("Type", .oneOf(["String"])),
                .required("Tier", .text),
                .required("DataType", .oneOf(["text"])),
                .required("Policies", .list(of: .any))
            )
        ),
    ]
}

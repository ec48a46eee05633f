package import Base

/// An Amazon Resource Name taken apart: `arn:partition:service:region:account:resource`.
///
/// Region and account may be empty, as in the name of a bucket or a role; the resource may hold more colons.
package struct ARN: Hashable, Sendable, LosslessStringConvertible {
    package let partition: String
    package let service: String
    package let region: String
    package let account: String
    package let resource: String

    package init(
        partition: String = "aws",
        service: String,
        region: String,
        account: String,
        resource: String
    ) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(
            String.init
        )
        guard parts.count == 6, parts.first == "arn", !text.unicodeScalars.contains(where: Self.isSpace)
        else { return nil }
        var rest = parts.dropFirst()
        guard let partition = rest.popFirst(), let service = rest.popFirst(), let region = rest.popFirst(),
            let account = rest.popFirst(), let resource = rest.popFirst(),
            !partition.isEmpty, !service.isEmpty, !resource.isEmpty
        else { return nil }
        self.init(
            partition: partition,
            service: service,
            region: region,
            account: account,
            resource: resource
        )
    }

    package var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }
}

extension ARN: LogValue {
    package var logged: JSON { .string(description) }
}

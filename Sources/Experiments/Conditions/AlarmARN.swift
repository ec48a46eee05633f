/// The ARN of a CloudWatch alarm taken apart: `arn:PARTITION:cloudwatch:REGION:ACCOUNT:alarm:NAME`.
///
/// Names of alarms may hold spaces and colons, unlike those of most things.
package struct AlarmARN: Hashable, Sendable {
    package let partition: String
    package let region: String
    package let account: String
    package let name: String

    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false).map(
            String.init
        )
        guard parts.count == 7, parts[0] == "arn", !parts[1].isEmpty, parts[2] == "cloudwatch",
            parts[5] == "alarm", !parts[6].isEmpty,
            !parts[1...4].contains(where: { $0.contains(where: \.isWhitespace) }),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        (partition, region, account, name) = (parts[1], parts[3], parts[4], parts[6])
    }
}

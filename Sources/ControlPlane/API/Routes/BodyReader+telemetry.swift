import Base
import Experiments
import Store

extension BodyReader {
    /// As many of what one report counts are believed.
    private static let most: Int64 = 1_000_000_000
    private static let faultLimit = 100

    /// The reports of a request, each of a target that is named as in polls.
    mutating func telemetryReports(region: String, account: AccountID) -> [TelemetryReport] {
        var reports: [TelemetryReport] = []
        objects("reports", 1...100) { reader in
            if let report = reader.telemetryReport(region: region, account: account) {
                reports.append(report)
            }
        }
        return reports
    }

    private mutating func telemetryReport(region: String, account: AccountID) -> TelemetryReport? {
        let target = required("target", accepted: "an ARN or the name of a function is accepted") { text in
            ARN(target: text, region: region, account: account)
        }
        let instance = required("instance", accepted: PolledName.instance.accepted) { text in
            PolledName.instance.takes(text) ? text : nil
        }
        let (sequence, since) = (whole("sequence", 1...Int64.max), since())
        let invocations = whole("invocations", 0...Self.most, absent: 0)
        let errors = whole("errors", 0...Self.most, absent: 0)
        if let invocations, let errors, errors > invocations {
            refuse(
                "errors",
                is: "\(errors)",
                accepted: "no more than invocations, which is \(invocations), is accepted"
            )
        }
        let (injected, durations) = (injected(), durations())
        guard let target, let instance, let sequence, let invocations, let errors, let injected, let durations
        else { return nil }
        return TelemetryReport(
            target: TargetKey(account: account, target: target.description),
            instance: instance,
            since: since,
            sequence: sequence,
            invocations: invocations,
            errors: errors,
            injected: injected,
            durations: durations
        )
    }

    private mutating func since() -> Timestamp? {
        guard let given = member("since") else { return nil }
        if let seconds = given.double, (0...4_000_000_000).contains(seconds) {
            return Timestamp(seconds: seconds)
        }
        refuse(
            "since",
            is: given.double.map { "\($0)" } ?? given.kind,
            accepted: "when the instance began to count, in seconds since 1970, is accepted"
        )
        return nil
    }

    /// What is no id of a fault is left out, as are faults that there are not.
    private mutating func injected() -> [String: Int64]? {
        guard let given = member("injected") else { return [:] }
        let accepted =
            "an object of whole numbers, one for each of up to \(Self.faultLimit) ids of faults, is accepted"
        guard let members = given.members, members.count <= Self.faultLimit else {
            let found = given.members.map { "an object of \($0.count) members" } ?? given.kind
            refuse("injected", is: found, accepted: accepted)
            return nil
        }
        var injected: [String: Int64] = [:]
        for member in members {
            guard let number = member.value.whole, (0...Self.most).contains(number) else {
                refuse("injected.\(EchoedText(member.name))", is: "no count", accepted: accepted)
                return nil
            }
            if number > 0, Self.isFaultID(member.name) { injected[member.name] = number }
        }
        return injected
    }

    private static func isFaultID(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && ExperimentID(String(parts[0])) != nil
            && (1...64).contains(parts[1].unicodeScalars.count) && !text.contains(where: \.isWhitespace)
            && !text.hasNUL
    }

    private mutating func durations() -> DurationHistogram? {
        guard let given = member("durations") else { return DurationHistogram() }
        if let durations = DurationHistogram(given, atMost: Self.most) { return durations }
        refuse(
            "durations",
            is: "no histogram",
            accepted:
                "an object of whole numbers by their bucket, 0 to \(DurationHistogram.bucketCount - 1), is accepted"
        )
        return nil
    }
}

/// What watches a run, and so what the value of a stop condition or a probe means.
package enum StopConditionSource: String, CaseIterable, Sendable {
    /// Nothing does, and there is no value.
    case none
    /// The ARN of an alarm.
    case cloudWatchAlarm = "aws:cloudwatch:alarm"
    /// An expression in PromQL.
    case prometheus
    /// A URL to ask.
    case http
    /// `alarm:` and the name of an alarm whose state is pushed to us.
    case alarm
    /// `telemetry:` and a condition on what the injectors report.
    case telemetry

    static var names: String { allCases.map(\.rawValue).alternatives }

    /// The form of its values, in the words of a message.
    var accepted: String {
        switch self {
        case .none: "no value"
        case .cloudWatchAlarm: "the ARN of a CloudWatch alarm"
        case .prometheus: "a PromQL expression"
        case .http: "a URL that starts with http:// or https://"
        case .alarm: "alarm: with the name of an alarm behind it"
        case .telemetry: "telemetry: with a condition behind it"
        }
    }
}

extension StopCondition {
    /// The value without the spaces around it, which some clients need to reach the 20 characters that theirs demand.
    package var trimmedValue: String? { value?.trimmed }
}

/// What watches a run, and so what the value of a stop condition means.
///
/// Here only the outer form of a value is held to its source; whoever evaluates it reads the rest.
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

    /// Whether a value, without the spaces around it, has the form that this source asks for.
    func accepts(_ value: String) -> Bool {
        switch self {
        case .none: false
        case .cloudWatchAlarm:
            ARN(value).map {
                $0.service == "cloudwatch" && $0.resource.hasPrefix("alarm:") && $0.resource != "alarm:"
            } ?? false
        case .prometheus: !value.isEmpty
        case .http:
            ["http://", "https://"].contains { value.hasPrefix($0) && value.utf8.count > $0.utf8.count }
        case .alarm: value.hasPrefix("alarm:") && value != "alarm:"
        case .telemetry: value.hasPrefix("telemetry:") && value != "telemetry:"
        }
    }

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

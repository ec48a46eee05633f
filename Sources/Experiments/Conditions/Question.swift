/// What is asked of a source, as it was written in a stop condition or a probe and understood.
package enum Question: Hashable, Sendable {
    case cloudWatchAlarm(CloudWatchQuestion)
    case prometheus(PrometheusQuestion)
    case http(HTTPQuestion)
    case alarm(AlarmQuestion)
    case telemetry(TelemetryQuestion)
}

/// Why a value asks nothing that can be asked.
package struct ConditionProblem: Error, Equatable, Sendable {
    /// What is wrong and what would be accepted, without the value's place in the template.
    package let message: String
    /// The character it is about, counted from 0 in the value without the spaces around it; nil where it is the whole.
    package let offset: Int?

    package init(_ message: String, at offset: Int? = nil) {
        self.message = message
        self.offset = offset
    }
}

/// In which state an alarm is, in CloudWatch's words.
package enum AlarmState: String, CaseIterable, Sendable {
    case clear = "OK"
    case alarm = "ALARM"
    /// Nobody knows; that is no breach.
    case insufficientData = "INSUFFICIENT_DATA"
}

/// Between which numbers a value is as it should be.
package struct Tolerance: Hashable, Sendable {
    package var min: Double?
    package var max: Double?

    package init(min: Double? = nil, max: Double? = nil) {
        self.min = min
        self.max = max
    }

    package func accepts(_ value: Double) -> Bool {
        value >= min ?? -.infinity && value <= max ?? .infinity
    }
}

/// How two numbers or texts are compared.
package enum Comparison: String, CaseIterable, Sendable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case equal = "=="
    case different = "!="

    package func holds(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .less: left < right
        case .atMost: left <= right
        case .greater: left > right
        case .atLeast: left >= right
        case .equal: left == right
        case .different: left != right
        }
    }
}

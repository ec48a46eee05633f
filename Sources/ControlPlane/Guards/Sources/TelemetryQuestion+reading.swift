import Base
import Experiments
import Store

extension TelemetryQuestion {
    /// How the figures of its window answer it.
    func reading(of sum: TelemetrySum, latency: Duration) -> Reading {
        if let minInvocations, sum.invocations < minInvocations {
            let counted = sum.invocations == 1 ? "1 invocation" : "\(sum.invocations) invocations"
            return Reading(.unreadable, "\(counted), fewer than \(minInvocations)", latency: latency)
        }
        switch value(of: sum) {
        case .number(let number):
            let isBreached = isBreach(number)
            // With as many digits as it takes to see why.
            let shown = (3...17).lazy.map { number.rounded(toDigits: $0) }.first {
                isBreach($0) == isBreached
            }
            return Reading(
                isBreached ? .breached : .clear,
                metric.text(shown ?? number),
                threshold: bounds,
                latency: latency
            )
        case .nothing: return Reading(.clear, "no invocations", threshold: bounds, latency: latency)
        case .unknown(let reason): return Reading(.unreadable, reason, latency: latency)
        }
    }

    /// What the figures come to.
    private enum Value {
        case number(Double)
        /// Nothing happened that there could be a value of.
        case nothing
        /// Something did, and the value is not known.
        case unknown(String)
    }

    private func value(of sum: TelemetrySum) -> Value {
        switch metric {
        case .errorRate:
            sum.invocations == 0 ? .nothing : .number(Double(sum.errors) / Double(sum.invocations))
        case .p50: percentile(0.50, of: sum)
        case .p90: percentile(0.90, of: sum)
        case .p95: percentile(0.95, of: sum)
        case .p99: percentile(0.99, of: sum)
        case .invocations: .number(Double(sum.invocations))
        case .errors: .number(Double(sum.errors))
        case .injected: .number(Double(sum.injections))
        }
    }

    private func percentile(_ share: Double, of sum: TelemetrySum) -> Value {
        if let milliseconds = sum.durations.percentile(share) { return .number(milliseconds) }
        return sum.invocations == 0
            ? .nothing : .unknown("\(sum.invocations) invocations were reported without their durations")
    }

    private func isBreach(_ value: Double) -> Bool {
        if let comparison { return comparison.holds(value, threshold) }
        return tolerance.map { !$0.accepts(value) } ?? false
    }

    /// What the value is held against.
    private var bounds: String {
        if let comparison { return "\(comparison.rawValue) \(metric.text(threshold))" }
        switch (tolerance?.min, tolerance?.max) {
        case (let least?, let most?): return "from \(metric.text(least)) to \(metric.text(most))"
        case (let least?, nil): return "at least \(metric.text(least))"
        case (nil, let most?): return "at most \(metric.text(most))"
        case (nil, nil): return ""
        }
    }
}

extension TelemetryQuestion.Metric {
    fileprivate func text(_ value: Double) -> String {
        // A whole number without the point and the zero that a Double has behind it.
        let number = Int64(exactly: value).map { "\($0)" } ?? "\(value)"
        return switch self {
        case .p50, .p90, .p95, .p99: number + " ms"
        case .errorRate, .invocations, .errors, .injected: number
        }
    }
}

extension Double {
    /// To that many digits that count.
    fileprivate func rounded(toDigits digits: Int) -> Double {
        guard isFinite, self != 0, digits < 17 else { return self }
        let lowest = (1..<digits).reduce(1.0) { power, _ in power * 10 }
        var scale = 1.0
        while abs(self) * scale < lowest, scale < 1e30 { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}

/// How the injectors' own figures stand, over a window of time.
package struct TelemetryQuestion: Hashable, Sendable {
    package enum Metric: String, CaseIterable, Sendable {
        /// The share of invocations that ended in an error.
        case errorRate
        /// A percentile of the durations, in milliseconds.
        case p50
        case p90
        case p95
        case p99
        /// How many there were in the window.
        case invocations
        case errors
        case injected
    }

    package var metric: Metric
    /// Names of the template's targets, or ARNs; none where it is about all targets of the run.
    package var targets: [String]
    package var window: Duration
    /// The comparison that is a breach where it holds; nil where a tolerance decides.
    package var comparison: Comparison?
    package var threshold: Double
    package var tolerance: Tolerance?
    /// For how long it must hold.
    package var hold: Duration
    /// With fewer invocations in the window there is nothing to be read.
    package var minInvocations: Int?

    package init(
        metric: Metric,
        targets: [String] = [],
        window: Duration = .seconds(30),
        comparison: Comparison? = nil,
        threshold: Double = 0,
        tolerance: Tolerance? = nil,
        hold: Duration = .zero,
        minInvocations: Int? = nil
    ) {
        self.metric = metric
        self.targets = targets
        self.window = window
        self.comparison = comparison
        self.threshold = threshold
        self.tolerance = tolerance
        self.hold = hold
        self.minInvocations = minInvocations
    }
}

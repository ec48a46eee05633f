extension TelemetryQuestion {
    /// What a condition on telemetry asks, as in `telemetry: p99 of checkout over 1m >= 800ms for 30s minInvocations 50`.
    ///
    /// Only a probe that has a tolerance may do without the comparison.
    package init(_ value: String, needsComparison: Bool = true) throws(ConditionProblem) {
        var scanner = ConditionScanner(value)
        guard scanner.take("telemetry:") else {
            throw ConditionProblem(
                "telemetry: with a condition behind it is accepted, such as telemetry: errorRate > 0.2 for 30s",
                at: 0
            )
        }
        self.init(metric: try Self.metric(&scanner))
        if scanner.takeWord("of") { targets = try Self.targets(&scanner) }
        if scanner.takeWord("over") { window = try Self.duration(&scanner, Self.windows) }
        if scanner.isAtComparison {
            comparison = try Self.comparison(&scanner)
            threshold = try Self.threshold(&scanner, of: metric)
        } else if needsComparison {
            throw scanner.problem("a comparison such as > or <=")
        }
        try readEnd(&scanner)
    }

    /// For how long it must hold and how much there must be, in either order.
    private mutating func readEnd(_ scanner: inout ConditionScanner) throws(ConditionProblem) {
        var (hasHold, hasLeast) = (false, false)
        while !scanner.isAtEnd {
            if !hasHold, scanner.takeWord("for") {
                hold = try Self.duration(&scanner, Self.holds)
                hasHold = true
            } else if !hasLeast, scanner.takeWord("minInvocations") {
                minInvocations = try Self.count(&scanner)
                hasLeast = true
            } else {
                let left = [(hasHold, "for"), (hasLeast, "minInvocations")].filter { !$0.0 }.map(\.1)
                throw scanner.problem((left + ["the end"]).joined(separator: " or "))
            }
        }
    }
}

extension TelemetryQuestion {
    /// How long a window may be: figures come in pieces of five seconds.
    package static let windows = (name: "a window", range: Duration.seconds(5)...Duration.seconds(900))
    private static let holds = (name: "a time", range: Duration.seconds(1)...Duration.seconds(3_600))
    private static let mostTargets = 50

    private static func metric(_ scanner: inout ConditionScanner) throws(ConditionProblem) -> Metric {
        for metric in Metric.allCases where scanner.takeWord(metric.rawValue) { return metric }
        let names = Metric.allCases.map(\.rawValue).joined(separator: ", ")
        throw scanner.problem("one of \(names)")
    }

    private static func targets(_ scanner: inout ConditionScanner) throws(ConditionProblem) -> [String] {
        var targets: [String] = []
        repeat {
            scanner.skipSpaces()
            let start = scanner.offset
            targets.append(try scanner.name("the name or the ARN of a target"))
            if targets.count > mostTargets {
                throw ConditionProblem("at most \(mostTargets) targets are accepted", at: start)
            }
        } while scanner.takeSign(",")
        return targets
    }

    private static func comparison(_ scanner: inout ConditionScanner) throws(ConditionProblem) -> Comparison {
        // The longer ones first: what begins like another is not taken for it.
        for comparison in Comparison.allCases.sorted(by: { $0.rawValue.count > $1.rawValue.count })
        where scanner.takeSign(comparison.rawValue) {
            return comparison
        }
        throw scanner.problem("a comparison such as > or <=")
    }

    private static func threshold(
        _ scanner: inout ConditionScanner,
        of metric: Metric
    ) throws(ConditionProblem) -> Double {
        scanner.skipSpaces()
        let start = scanner.offset
        guard let (number, unit) = scanner.quantity() else { throw scanner.problem("a number of 0 or more") }
        switch (metric, unit) {
        case (.errorRate, "%") where number <= 100: return number / 100
        case (.errorRate, "") where number <= 1: return number
        case (.errorRate, _):
            throw ConditionProblem(
                "errorRate is a share of all invocations: a number from 0 to 1, or from 0% to 100%, is accepted",
                at: start
            )
        case (.p50, ""), (.p90, ""), (.p95, ""), (.p99, ""): return number
        case (.p50, "ms"), (.p90, "ms"), (.p95, "ms"), (.p99, "ms"): return number
        case (.p50, "s"), (.p90, "s"), (.p95, "s"), (.p99, "s"): return number * 1_000
        case (.p50, _), (.p90, _), (.p95, _), (.p99, _):
            throw ConditionProblem(
                "\(metric.rawValue) is a time: a number of milliseconds is accepted, such as 800ms or 1.5s",
                at: start
            )
        case (.invocations, ""), (.errors, ""), (.injected, ""): return number
        case (.invocations, _), (.errors, _), (.injected, _):
            throw ConditionProblem(
                "\(metric.rawValue) is a count: a number without a unit is accepted",
                at: start
            )
        }
    }

    private static func duration(
        _ scanner: inout ConditionScanner,
        _ limits: (name: String, range: ClosedRange<Duration>)
    ) throws(ConditionProblem) -> Duration {
        scanner.skipSpaces()
        let start = scanner.offset
        let units: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600]
        guard let (number, unit) = scanner.quantity(), let seconds = units[unit].map({ number * $0 }),
            seconds < 1e9
        else {
            scanner.offset = start
            throw scanner.problem("\(limits.name) such as 30s or 1m")
        }
        // To the millisecond, so that a decimal fraction is what was written.
        let duration = Duration.milliseconds(Int64((seconds * 1_000).rounded()))
        guard limits.range.contains(duration) else {
            let (least, most) = (limits.range.lowerBound, limits.range.upperBound)
            throw ConditionProblem(
                "\(limits.name) from \(Int(least.components.seconds))s to \(Int(most.components.seconds) / 60)m is accepted",
                at: start
            )
        }
        return duration
    }

    private static func count(_ scanner: inout ConditionScanner) throws(ConditionProblem) -> Int {
        scanner.skipSpaces()
        let start = scanner.offset
        if let (number, unit) = scanner.quantity(), unit.isEmpty, number == number.rounded(),
            (1...1_000_000_000).contains(number)
        {
            return Int(number)
        }
        scanner.offset = start
        throw scanner.problem("a whole number of invocations, 1 or more")
    }
}

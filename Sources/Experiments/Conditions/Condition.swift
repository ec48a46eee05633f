/// One thing that is watched for a run: a question, and how long or how often its answer must be bad to count.
package struct Condition: Hashable, Sendable {
    /// Where it stands, such as `stopConditions[0]`, or the name of a probe.
    package var name: String
    package var source: StopConditionSource
    /// The value as it was written, without the spaces around it.
    package var value: String
    package var question: Question
    package var persistence: Persistence

    package init(
        name: String,
        source: StopConditionSource,
        value: String,
        question: Question,
        persistence: Persistence = Persistence()
    ) {
        self.name = name
        self.source = source
        self.value = value
        self.question = question
        self.persistence = persistence
    }
}

/// For how long, or in how many of the last evaluations, a condition must be breached before it counts.
package struct Persistence: Hashable, Sendable {
    package var hold: Duration
    package var breaches: Int
    package var of: Int

    package init(hold: Duration = .zero, breaches: Int = 1, of: Int = 1) {
        self.hold = hold
        self.breaches = breaches
        self.of = of
    }
}

extension StopConditionSource {
    /// What a value asks, without the spaces around it; nil where nothing is asked.
    package func question(_ value: String) throws(ConditionProblem) -> Question? {
        switch self {
        case .none: nil
        case .cloudWatchAlarm: .cloudWatchAlarm(try CloudWatchQuestion(value))
        case .prometheus: .prometheus(try PrometheusQuestion(value))
        case .http: .http(try HTTPQuestion(value))
        case .alarm: .alarm(try AlarmQuestion(value))
        case .telemetry: .telemetry(try TelemetryQuestion(value))
        }
    }
}

extension ExperimentTemplate {
    /// What ends its runs, in its order; none where nothing is watched.
    package func conditions() throws(ConditionProblem) -> [Condition] {
        var conditions: [Condition] = []
        for (index, written) in stopConditions.enumerated() {
            guard let source = StopConditionSource(rawValue: written.source) else {
                throw ConditionProblem("\(written.source.quoted) is no source that this version knows")
            }
            let value = written.trimmedValue ?? ""
            guard let question = try source.question(value) else { continue }
            conditions.append(
                Condition(name: "stopConditions[\(index)]", source: source, value: value, question: question)
            )
        }
        return conditions
    }
}

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

extension StopCondition {
    /// The same as something that can be understood; nil where this version does not know the source.
    var written: WrittenCondition? {
        StopConditionSource(rawValue: source).map {
            WrittenCondition(source: $0, value: value, requires: requires, persistence: persistence)
        }
    }
}

extension ExperimentTemplate {
    /// What ends its runs, in its order; none where nothing is watched.
    ///
    /// The problem's text names the member: a template that another version wrote may hold what this one does not understand.
    package func conditions() throws(ConditionProblem) -> [Condition] {
        var conditions: [Condition] = []
        for (index, condition) in stopConditions.enumerated() {
            let name = "stopConditions[\(index)]"
            guard let written = condition.written else {
                throw ConditionProblem(
                    "\(name).source is \(condition.source.quoted), which this version does not know"
                )
            }
            if let condition = try written.understood(name, at: name) { conditions.append(condition) }
        }
        return conditions
    }
}

extension WrittenCondition {
    /// What it asks; nil where nothing is asked.
    func understood(_ name: String, at place: String) throws(ConditionProblem) -> Condition? {
        var problems: [Problem] = []
        let condition = read(name, &problems)
        if let problem = problems.first {
            throw ConditionProblem(problem.message(at: "\(place).\(problem.member)"))
        }
        return condition
    }
}

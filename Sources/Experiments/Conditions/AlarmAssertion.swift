/// What the action `aws:cloudwatch:assert-alarm-state` asserts: that each alarm is in one of some states.
package struct AlarmAssertion: Hashable, Sendable {
    /// One for each alarm, in the order given; a state that is not asserted is a breach.
    package let questions: [CloudWatchQuestion]

    package init(_ action: TemplateAction) throws(ConditionProblem) {
        let arns = ParameterKind.elements(action.parameter("alarmArns") ?? "")
        let words = ParameterKind.elements(action.parameter("alarmStates") ?? "")
        guard (1...Self.mostAlarms).contains(arns.count) else {
            throw ConditionProblem(
                "alarmArns names \(arns.count) alarms: 1 to \(Self.mostAlarms) are accepted"
            )
        }
        var asserted: Set<AlarmState> = []
        for word in words {
            guard let state = AlarmState(rawValue: word) else {
                let accepted = AlarmState.allCases.map(\.rawValue).alternatives
                throw ConditionProblem("alarmStates holds \(word.quoted): \(accepted) is accepted")
            }
            asserted.insert(state)
        }
        var questions: [CloudWatchQuestion] = []
        for arn in arns {
            do throws(ConditionProblem) {
                var question = try CloudWatchQuestion(arn)
                question.breaching = Set(AlarmState.allCases).subtracting(asserted)
                questions.append(question)
            } catch {
                throw ConditionProblem("alarmArns holds \(arn.quoted): \(error.message)")
            }
        }
        self.questions = questions
    }

    private static let mostAlarms = 5

    /// The same as conditions, named by the alarm's place.
    package var conditions: [Condition] {
        questions.enumerated().map { index, question in
            Condition(
                name: "alarmArns[\(index)]",
                source: .cloudWatchAlarm,
                value: question.arn,
                question: .cloudWatchAlarm(question)
            )
        }
    }
}

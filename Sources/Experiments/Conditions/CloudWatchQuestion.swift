/// In which state an alarm of CloudWatch's is.
package struct CloudWatchQuestion: Hashable, Sendable {
    /// The alarm's ARN.
    package var arn: String
    /// The states that are a breach.
    package var breaching: Set<AlarmState>

    package init(arn: String, breaching: Set<AlarmState> = [.alarm]) {
        self.arn = arn
        self.breaching = breaching
    }

    package init(_ value: String) throws(ConditionProblem) {
        guard AlarmARN(value) != nil else {
            throw ConditionProblem("the ARN of a CloudWatch alarm is accepted")
        }
        self.init(arn: value)
    }
}

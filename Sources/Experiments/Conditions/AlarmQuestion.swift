/// In which state an alarm is that is pushed to us.
package struct AlarmQuestion: Hashable, Sendable {
    package var name: String
    /// How old its last news may be; nil where the alarm's own age counts.
    package var maxAge: Duration?
    /// The states that are a breach.
    package var breaching: Set<AlarmState>

    package init(name: String, maxAge: Duration? = nil, breaching: Set<AlarmState> = [.alarm]) {
        self.name = name
        self.maxAge = maxAge
        self.breaching = breaching
    }

    package init(_ value: String) throws(ConditionProblem) {
        guard value.hasPrefix("alarm:"), value != "alarm:" else {
            throw ConditionProblem("alarm: with the name of an alarm behind it is accepted")
        }
        self.init(name: String(value.dropFirst("alarm:".count)))
    }
}

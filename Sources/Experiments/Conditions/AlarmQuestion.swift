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

    /// What a condition on an alarm asks, as in `alarm:errors` or `alarm:High error rate max-age 60s`.
    package init(_ value: String) throws(ConditionProblem) {
        let prefix = "alarm:"
        guard value.hasPrefix(prefix) else {
            throw ConditionProblem("alarm: with the name of an alarm behind it is accepted")
        }
        let rest = value.dropFirst(prefix.count)
        // Names may have spaces: only the last word of this kind is not a part of one.
        let option = rest.ranges(of: Self.ageWord).last {
            rest[..<$0.lowerBound].last?.isWhitespace ?? true
                && rest[$0.upperBound...].first?.isWhitespace ?? true
        }
        let name = rest[..<(option?.lowerBound ?? rest.endIndex)]
        self.init(name: String(name).trimmed)
        guard Self.isName(self.name) else {
            throw ConditionProblem("\(Self.acceptedName) behind alarm:", at: prefix.count)
        }
        guard let option else { return }
        let age = rest[option.upperBound...].drop(while: \.isWhitespace)
        guard let maxAge = Self.age(age) else {
            let found = age.isEmpty ? "found the end" : "found \(String(age).quoted)"
            throw ConditionProblem(
                "expected a length of time from 1s to 7d behind \(Self.ageWord), such as 60s or 5m, \(found)",
                at: value.distance(from: value.startIndex, to: age.startIndex)
            )
        }
        self.maxAge = maxAge
    }
}

extension AlarmQuestion {
    private static let ageWord = "max-age"
    package static let acceptedName =
        "the name of an alarm, 1 to 255 characters without control characters, is accepted"
    /// How old the news of an alarm may be at most, whoever says so.
    package static let ages = Duration.seconds(1)...Duration.seconds(7 * 86_400)

    /// Whether an alarm can have that name.
    package static func isName(_ text: String) -> Bool {
        (1...255).contains(text.unicodeScalars.count) && text == text.trimmed
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private static func age(_ text: Substring) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let count = Int64(digits), let unit = units[text[digits.endIndex...]] else { return nil }
        let (seconds, isTooLong) = count.multipliedReportingOverflow(by: unit)
        let age = Duration.seconds(seconds)
        return !isTooLong && ages.contains(age) ? age : nil
    }
}

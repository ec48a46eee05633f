import Testing

@testable import Experiments

/// What a condition on an alarm may look like.
@Suite struct AlarmQuestionTests {
    private static let accepted: [Case<String, AlarmQuestion>] = [
        Case("a name", "alarm:errors", AlarmQuestion(name: "errors")),
        Case("an age", "alarm:errors max-age 60s", AlarmQuestion(name: "errors", maxAge: .seconds(60))),
        Case("minutes", "alarm:errors  max-age  5m", AlarmQuestion(name: "errors", maxAge: .seconds(300))),
        Case("days", "alarm:errors max-age 7d", AlarmQuestion(name: "errors", maxAge: .seconds(604_800))),
        Case("a space before the name", "alarm: errors", AlarmQuestion(name: "errors")),
        Case(
            "a name with spaces",
            "alarm:High error rate max-age 1h",
            AlarmQuestion(name: "High error rate", maxAge: .seconds(3_600))
        ),
        Case("a word that only begins so", "alarm:x max-ages 5", AlarmQuestion(name: "x max-ages 5")),
        Case("a word that only ends so", "alarm:the-max-age 60s", AlarmQuestion(name: "the-max-age 60s")),
        Case(
            "twice",
            "alarm:a max-age b max-age 2s",
            AlarmQuestion(name: "a max-age b", maxAge: .seconds(2))
        ),
        Case("other letters", "alarm:Störung", AlarmQuestion(name: "Störung")),
    ]

    @Test(arguments: accepted) func `a value that asks for an alarm is understood`(
        _ row: Case<String, AlarmQuestion>
    ) throws {
        #expect(try AlarmQuestion(row.input) == row.output)
    }

    private static let name =
        "the name of an alarm, 1 to 255 characters without control characters, is accepted behind alarm:"

    private static func age(_ found: String, _ offset: Int) -> ConditionProblem {
        ConditionProblem(
            "expected a length of time from 1s to 7d behind max-age, such as 60s or 5m, found \(found)",
            at: offset
        )
    }

    private static let refused: [Case<String, ConditionProblem>] = [
        Case(
            "another beginning",
            "alarms:errors",
            ConditionProblem("alarm: with the name of an alarm behind it is accepted")
        ),
        Case("no name", "alarm:", ConditionProblem(name, at: 6)),
        Case("no name before the age", "alarm: max-age 60s", ConditionProblem(name, at: 6)),
        Case("a line break", "alarm:a\u{7}b", ConditionProblem(name, at: 6)),
        Case("a long name", "alarm:" + String(repeating: "x", count: 256), ConditionProblem(name, at: 6)),
        Case("no age", "alarm:errors max-age", age("the end", 20)),
        Case("no unit", "alarm:errors max-age 60", age(#""60""#, 21)),
        Case("another unit", "alarm:errors max-age 60ms", age(#""60ms""#, 21)),
        Case("more behind it", "alarm:errors max-age 60s or so", age(#""60s or so""#, 21)),
        Case("too short", "alarm:errors max-age 0s", age(#""0s""#, 21)),
        Case("too long", "alarm:errors max-age 8d", age(#""8d""#, 21)),
        Case(
            "longer than any",
            "alarm:errors max-age 9223372036854775807d",
            age(#""9223372036854775807d""#, 21)
        ),
        Case("characters, not bytes", "alarm:Störung max-age x", age(#""x""#, 22)),
    ]

    @Test(arguments: refused) func `a value that asks for none is refused, and where`(
        _ row: Case<String, ConditionProblem>
    ) throws {
        #expect(throws: row.output) { try AlarmQuestion(row.input) }
    }
}

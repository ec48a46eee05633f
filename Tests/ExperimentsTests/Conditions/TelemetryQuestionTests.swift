import Testing

@testable import Experiments

/// The language of conditions on telemetry: what is understood, and which character a mistake is at.
@Suite struct TelemetryQuestionTests {
    private static let understood: [Case<String, TelemetryQuestion>] = [
        Case(
            "the shortest",
            "telemetry:errorRate>0.2",
            TelemetryQuestion(metric: .errorRate, comparison: .greater, threshold: 0.2)
        ),
        Case(
            "a hold",
            "telemetry:errorRate > 0.2 for 30s",
            TelemetryQuestion(metric: .errorRate, comparison: .greater, threshold: 0.2, hold: .seconds(30))
        ),
        Case(
            "everything",
            "telemetry: p99 of checkout over 1m >= 800ms for 1500ms minInvocations 50",
            TelemetryQuestion(
                metric: .p99,
                targets: ["checkout"],
                window: .seconds(60),
                comparison: .atLeast,
                threshold: 800,
                hold: .milliseconds(1_500),
                minInvocations: 50
            )
        ),
        Case(
            "the end in the other order",
            "telemetry: p50 < 1.5s minInvocations 1 for 1h",
            TelemetryQuestion(
                metric: .p50,
                comparison: .less,
                threshold: 1_500,
                hold: .seconds(3_600),
                minInvocations: 1
            )
        ),
        Case(
            "a share in percent, and spaces of all kinds",
            "telemetry:\terrorRate  <=  20%",
            TelemetryQuestion(metric: .errorRate, comparison: .atMost, threshold: 0.2)
        ),
        Case(
            "several targets, ARNs and names in quotation marks among them",
            #"telemetry: errors of arn:aws:lambda:us-east-1:0:function:a,b , "a, \"b\" over" over 5s != 3"#,
            TelemetryQuestion(
                metric: .errors,
                targets: ["arn:aws:lambda:us-east-1:0:function:a", "b", #"a, "b" over"#],
                window: .seconds(5),
                comparison: .different,
                threshold: 3
            )
        ),
        Case(
            "a target that is called like a word of the language",
            "telemetry: injected of over over 15m == 0",
            TelemetryQuestion(
                metric: .injected,
                targets: ["over"],
                window: .seconds(900),
                comparison: .equal,
                threshold: 0
            )
        ),
        Case(
            "a metric right before a sign",
            "telemetry:invocations<10",
            TelemetryQuestion(metric: .invocations, comparison: .less, threshold: 10)
        ),
    ]

    @Test(arguments: understood) func `it is understood`(_ given: Case<String, TelemetryQuestion>) throws {
        #expect(try TelemetryQuestion(given.input) == given.output)
    }

    private struct Mistake: Sendable {
        let offset: Int?
        let message: String
    }

    private static let comparison = "expected a comparison such as > or <=, found "
    private static let metrics =
        "expected one of errorRate, p50, p90, p95, p99, invocations, errors, injected, found "
    private static let share =
        "errorRate is a share of all invocations: a number from 0 to 1, or from 0% to 100%, is accepted"

    private static let mistakes: [Case<String, Mistake>] = [
        Case(
            "no prefix",
            "errorRate > 1",
            Mistake(
                offset: 0,
                message:
                    "telemetry: with a condition behind it is accepted, such as telemetry: errorRate > 0.2 for 30s"
            )
        ),
        Case("nothing", "telemetry:", Mistake(offset: 10, message: metrics + "the end")),
        Case("only spaces", "telemetry:  ", Mistake(offset: 12, message: metrics + "the end")),
        Case("no such metric", "telemetry: p75 > 1", Mistake(offset: 11, message: metrics + "\"p75\"")),
        Case(
            "a metric with more behind it",
            "telemetry: p500 > 1",
            Mistake(offset: 11, message: metrics + "\"p500\"")
        ),
        Case(
            "a word where a sign should be",
            "telemetry: errorRate foo 1",
            Mistake(offset: 21, message: comparison + "\"foo\"")
        ),
        Case("no comparison", "telemetry: errorRate", Mistake(offset: 20, message: comparison + "the end")),
        Case("half a sign", "telemetry: errorRate = 1", Mistake(offset: 21, message: comparison + "\"=\"")),
        Case(
            "another language's sign",
            "telemetry: errorRate =< 1",
            Mistake(offset: 21, message: comparison + "\"=<\"")
        ),
        Case(
            "no number",
            "telemetry: errorRate > x",
            Mistake(offset: 23, message: "expected a number of 0 or more, found \"x\"")
        ),
        Case(
            "a negative number",
            "telemetry: errorRate > -1",
            Mistake(offset: 23, message: "expected a number of 0 or more, found \"-1\"")
        ),
        Case(
            "a number in other digits",
            "telemetry: errorRate > ٣",
            Mistake(offset: 23, message: "expected a number of 0 or more, found \"٣\"")
        ),
        Case(
            "an infinite number",
            "telemetry: errors > " + String(repeating: "9", count: 400),
            Mistake(
                offset: 20,
                message: "expected a number of 0 or more, found \"" + String(repeating: "9", count: 40) + "\""
            )
        ),
        Case("a share above one", "telemetry: errorRate > 20", Mistake(offset: 23, message: share)),
        Case("a share in milliseconds", "telemetry: errorRate > 0.2ms", Mistake(offset: 23, message: share)),
        Case(
            "a time in percent",
            "telemetry: p99 > 20%",
            Mistake(
                offset: 17,
                message: "p99 is a time: a number of milliseconds is accepted, such as 800ms or 1.5s"
            )
        ),
        Case(
            "a count with a unit",
            "telemetry: errors > 2s",
            Mistake(offset: 20, message: "errors is a count: a number without a unit is accepted")
        ),
        Case(
            "a window without a unit",
            "telemetry: p99 over 30 > 1",
            Mistake(offset: 20, message: "expected a window such as 30s or 1m, found \"30\"")
        ),
        Case(
            "a window too short",
            "telemetry: p99 over 1s > 1",
            Mistake(offset: 20, message: "a window from 5s to 15m is accepted")
        ),
        Case(
            "a window too long",
            "telemetry: p99 over 16m > 1",
            Mistake(offset: 20, message: "a window from 5s to 15m is accepted")
        ),
        Case(
            "a window beyond all clocks",
            "telemetry: p99 over 99999999999h > 1",
            Mistake(offset: 20, message: "expected a window such as 30s or 1m, found \"99999999999h\"")
        ),
        Case(
            "no hold",
            "telemetry: p99 > 1 for",
            Mistake(offset: 22, message: "expected a time such as 30s or 1m, found the end")
        ),
        Case(
            "two holds",
            "telemetry: p99 > 1 for 3s for 4s",
            Mistake(offset: 26, message: "expected minInvocations or the end, found \"for\"")
        ),
        Case(
            "more than the end",
            "telemetry: p99 > 1 or p50 > 2",
            Mistake(offset: 19, message: "expected for or minInvocations or the end, found \"or\"")
        ),
        Case(
            "half an invocation",
            "telemetry: p99 > 1 minInvocations 1.5",
            Mistake(offset: 34, message: "expected a whole number of invocations, 1 or more, found \"1.5\"")
        ),
        Case(
            "no invocation",
            "telemetry: p99 > 1 minInvocations 0",
            Mistake(offset: 34, message: "expected a whole number of invocations, 1 or more, found \"0\"")
        ),
        Case(
            "no target",
            "telemetry: p99 of > 1",
            Mistake(offset: 18, message: "expected the name or the ARN of a target, found \">\"")
        ),
        Case(
            "no target behind a comma",
            "telemetry: p99 of a, > 1",
            Mistake(offset: 21, message: "expected the name or the ARN of a target, found \">\"")
        ),
        Case(
            "an open quotation mark",
            "telemetry: p99 of \"a > 1",
            Mistake(offset: 18, message: "the quotation mark is never closed")
        ),
        Case(
            "nothing in quotation marks",
            "telemetry: p99 of \"\" > 1",
            Mistake(
                offset: 18,
                message: "expected the name or the ARN of a target, found nothing in quotation marks"
            )
        ),
        Case(
            "a character behind one that takes two",
            "telemetry: p99 of é👩‍🚀 ! 1",
            Mistake(offset: 21, message: comparison + "\"!\"")
        ),
        Case(
            "too many targets",
            "telemetry: p99 of " + (1...51).map { "a\($0)" }.joined(separator: ",") + " > 1",
            Mistake(offset: 18 + 9 * 3 + 41 * 4, message: "at most 50 targets are accepted")
        ),
    ]

    @Test(arguments: mistakes) private func `a mistake is told with its place`(_ given: Case<String, Mistake>)
    {
        let problem = #expect(throws: ConditionProblem.self) { try TelemetryQuestion(given.input) }
        #expect(problem?.message == given.output.message)
        #expect(problem?.offset == given.output.offset)
    }

    @Test func `a probe with a tolerance needs no comparison`() throws {
        let question = try TelemetryQuestion(
            "telemetry: p99 of checkout over 1m for 5s",
            needsComparison: false
        )
        #expect(
            question.comparison == nil && question.hold == .seconds(5) && question.targets == ["checkout"]
        )
        let problem = #expect(throws: ConditionProblem.self) {
            try TelemetryQuestion("telemetry: p99 foo", needsComparison: false)
        }
        #expect(problem?.message == "expected for or minInvocations or the end, found \"foo\"")
    }

    @Test func `whatever is cut off or changed is understood or refused, and never traps`() {
        let whole = Array(#"telemetry: p99 of "a\"", b over 1m >= 800ms for 30s minInvocations 50"#)
        let strange: [Character] = ["\"", "\\", " ", "%", "9", "\u{0}", "👩‍🚀", ",", ">"]
        for end in whole.indices {
            _ = try? TelemetryQuestion(String(whole[..<end]))
            for character in strange {
                _ = try? TelemetryQuestion(String(whole[..<end] + [character] + whole[end...]))
            }
        }
    }
}

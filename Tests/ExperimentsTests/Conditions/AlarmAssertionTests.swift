import Experiments
import Testing

/// What `aws:cloudwatch:assert-alarm-state` asks.
@Suite struct AlarmAssertionTests {
    private static func arn(_ name: String) -> String {
        "arn:aws:cloudwatch:us-east-1:000000000000:alarm:\(name)"
    }

    private static func action(_ arns: String?, _ states: String?) -> TemplateAction {
        TemplateAction(
            name: "Assert",
            actionID: "aws:cloudwatch:assert-alarm-state",
            parameters: [("alarmArns", arns), ("alarmStates", states)].compactMap { name, value in
                value.map { .init(name, $0) }
            }
        )
    }

    @Test func `states that are not asserted are a breach, of each alarm`() throws {
        let assertion = try AlarmAssertion(
            Self.action("\(Self.arn("a")), \(Self.arn("b"))", "OK,INSUFFICIENT_DATA")
        )
        #expect(
            assertion.questions == [
                CloudWatchQuestion(arn: Self.arn("a"), breaching: [.alarm]),
                CloudWatchQuestion(arn: Self.arn("b"), breaching: [.alarm]),
            ]
        )
        #expect(assertion.conditions.map(\.name) == ["alarmArns[0]", "alarmArns[1]"])
        #expect(assertion.conditions.map(\.value) == [Self.arn("a"), Self.arn("b")])
        #expect(assertion.conditions.map(\.question) == assertion.questions.map { .cloudWatchAlarm($0) })
        let alarm = try AlarmAssertion(Self.action(Self.arn("a"), "ALARM"))
        #expect(alarm.questions.first?.breaching == [.clear, .insufficientData])
        let any = try AlarmAssertion(Self.action(Self.arn("a"), "ALARM,OK,INSUFFICIENT_DATA"))
        #expect(any.questions.first?.breaching == [])
    }

    private static let refused: [Case<(String?, String?), String>] = [
        Case("no alarms", (nil, "OK"), #"alarmArns holds "": the ARN of a CloudWatch alarm is accepted"#),
        Case(
            "six alarms",
            ((0..<6).map { arn("\($0)") }.joined(separator: ","), "OK"),
            "alarmArns names 6 alarms: 1 to 5 are accepted"
        ),
        Case(
            "something else",
            ("arn:aws:lambda:us-east-1:000000000000:function:f", "OK"),
            #"alarmArns holds "arn:aws:lambda:us-east-1:000000000000:function:f": the ARN of a CloudWatch alarm is accepted"#
        ),
        Case(
            "no states",
            (arn("a"), nil),
            #"alarmStates holds "": OK, ALARM or INSUFFICIENT_DATA is accepted"#
        ),
        Case(
            "a state that is none",
            (arn("a"), "OK,ok"),
            #"alarmStates holds "ok": OK, ALARM or INSUFFICIENT_DATA is accepted"#
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<(String?, String?), String>) {
        let error = #expect(throws: ConditionProblem.self) {
            try AlarmAssertion(Self.action(row.input.0, row.input.1))
        }
        #expect(error == ConditionProblem(row.output))
    }
}

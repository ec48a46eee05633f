import Base
import Experiments
import Testing

/// What the stop conditions of a template are held to.
@Suite struct TemplateConditionTests {
    private static func stop(_ source: String, _ value: String?) -> [Draft.Change] {
        var condition: JSON = ["source": .string(source)]
        if let value { condition = ["source": .string(source), "value": .string(value)] }
        return [.set("stopConditions", [condition])]
    }

    private static func stop(_ source: String, _ value: String, _ members: JSON) -> [Draft.Change] {
        let condition: JSON = ["source": .string(source), "value": .string(value)]
        return [
            .set("stopConditions", [.object((condition.members ?? []) + (members.members ?? []))])
        ]
    }

    private static let expression = "checkout_errors > 5 "

    private static let accepted: [Case<[Draft.Change], Void>] = [
        Case("an alarm of CloudWatch", stop("aws:cloudwatch:alarm", Draft.alarm), ()),
        Case("an alarm with spaces around it", stop("aws:cloudwatch:alarm", "  \(Draft.alarm)\n"), ()),
        Case("an expression", stop("prometheus", "sum(rate(errors[1m])) > 5"), ()),
        Case("a short expression, filled up", stop("prometheus", "up == 0             "), ()),
        Case("a URL", stop("http", "https://shop.example/healthz"), ()),
        Case("an alarm pushed to us", stop("alarm", "alarm:a             "), ()),
        Case("telemetry", stop("telemetry", "telemetry:errorRate > 0.2 for 30s"), ()),
        Case("the longest value", stop("prometheus", long(2_048)), ()),
        Case(
            "several",
            [
                .set(
                    "stopConditions",
                    [
                        ["source": "http", "value": "http://shop.example/a"],
                        ["source": "prometheus", "value": "absent(up{job=\"shop\"})"],
                    ]
                )
            ],
            ()
        ),
        Case("for a while", stop("prometheus", expression, ["for": "PT30S"]), ()),
        Case("for the shortest while", stop("prometheus", expression, ["for": "1000ms"]), ()),
        Case("for the longest while", stop("alarm", "alarm:a             ", ["for": "60m"]), ()),
        Case("several times in a row", stop("http", "http://shop.example/a", ["breaches": 3]), ()),
        Case("some of the last", stop("http", "http://shop.example/a", ["breaches": 1, "of": 100]), ()),
        Case("all of it", stop("prometheus", expression, ["for": "5s", "breaches": 2, "of": 2]), ()),
        Case("what must yield something", stop("prometheus", expression, ["requires": " up "]), ()),
        Case(
            "telemetry of a target, by its name and by its ARN",
            stop("telemetry", "telemetry: p99 of Checkout, \"\(Draft.function)\" > 2s"),
            ()
        ),
    ]

    @Test(arguments: accepted) func `accepts`(_ row: Case<[Draft.Change], Void>) {
        #expect(Draft.small.with(row.input).problems() == [])
    }

    private static let sources =
        "none, aws:cloudwatch:alarm, prometheus, http, alarm or telemetry is accepted"
    private static let lengths = "a text of 20 to 2048 characters, spaces around it included, is accepted"
    private static let times = "a time from 1s to 1h, such as 30s or PT30S, is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
        Case(
            "no stop condition",
            [.set("stopConditions", [])],
            [
                "stopConditions is empty: at least one is accepted, where nothing is watched with the source none"
            ]
        ),
        Case(
            "stop conditions that are none",
            [.set("stopConditions", ["none", [:]])],
            [
                "stopConditions[0] is a string: an object is accepted",
                "stopConditions[1].source is missing: \(sources)",
            ]
        ),
        Case(
            "none beside another",
            [
                .set(
                    "stopConditions",
                    [["source": "http", "value": "http://shop.example/a"], ["source": "none"]]
                )
            ],
            [
                #"stopConditions[1].source is "none" beside others: none alone or others without it is accepted"#
            ]
        ),
        Case(
            "a source that there is not",
            stop("datadog", long(20)),
            [#"stopConditions[0].source is "datadog": \#(sources)"#]
        ),
        Case(
            "a source too long",
            stop(long(65), long(20)),
            [#"stopConditions[0].source is "\#(long(65))": \#(sources)"#]
        ),
        Case(
            "a value for none",
            stop("none", long(20)),
            [
                #"stopConditions[0].value is "\#(long(20))": no value is accepted"#
            ]
        ),
        Case(
            "no value",
            stop("aws:cloudwatch:alarm", nil),
            [
                "stopConditions[0].value is missing: the ARN of a CloudWatch alarm is accepted"
            ]
        ),
        Case(
            "a value too short",
            stop("http", "http://shop.example"),
            [
                #"stopConditions[0].value is "http://shop.example": \#(lengths)"#
            ]
        ),
        Case(
            "a value too long",
            stop("prometheus", long(2_049)),
            [
                #"stopConditions[0].value is "\#(long(100))...": \#(lengths)"#
            ]
        ),
        Case(
            "only spaces",
            stop("prometheus", long(20, " ")),
            [
                #"stopConditions[0].value is "": a PromQL expression is accepted"#
            ]
        ),
        Case(
            "the ARN of something else",
            stop("aws:cloudwatch:alarm", Draft.role),
            [
                #"stopConditions[0].value is "\#(Draft.role)": the ARN of a CloudWatch alarm is accepted"#
            ]
        ),
        Case(
            "an alarm without a name",
            stop("aws:cloudwatch:alarm", "arn:aws:cloudwatch:us-east-1:1:alarm:"),
            [
                #"stopConditions[0].value is "arn:aws:cloudwatch:us-east-1:1:alarm:": the ARN of a CloudWatch alarm is accepted"#
            ]
        ),
        Case(
            "a URL of another kind",
            stop("http", "ftp://shop.example/healthz"),
            [
                #"stopConditions[0].value is "ftp://shop.example/healthz": a URL that starts with http:// or https:// is accepted"#
            ]
        ),
        Case(
            "only the start of a URL",
            stop("http", "https://" + long(20, " ")),
            [
                #"stopConditions[0].value is "https://": a URL that starts with http:// or https:// is accepted"#
            ]
        ),
        Case(
            "an alarm's name alone",
            stop("alarm", "checkout-errors-high"),
            [
                #"stopConditions[0].value is "checkout-errors-high": alarm: with the name of an alarm behind it is accepted"#
            ]
        ),
        Case(
            "telemetry without a condition",
            stop("telemetry", "telemetry:" + long(20, " ")),
            [
                "stopConditions[0].value, character 11, at the end: expected one of errorRate, p50, p90, p95, p99, "
                    + "invocations, errors, injected, found the end"
            ]
        ),
        Case(
            "a member of a stop condition that is not known",
            [.set("stopConditions.0.period", 60)],
            [
                "stopConditions[0].period is not known: source, value, requires, for, breaches or of is accepted"
            ]
        ),
        Case(
            "a condition that goes wrong in the middle",
            stop("telemetry", "  telemetry: errorRate foo 0.2 for 30s and no end"),
            [
                "stopConditions[0].value, character 24, at \"foo 0.2 for 30s and no end\": "
                    + "expected a comparison such as > or <=, found \"foo\""
            ]
        ),
        Case(
            "a target that the template has not",
            stop("telemetry", "telemetry: p99 of Chekout > 2s"),
            [
                "stopConditions[0].value is about \"Chekout\": the name of a target of the template or the ARN of one is accepted"
            ]
        ),
        Case(
            "times that are none",
            [
                .set(
                    "stopConditions",
                    .array(
                        ["", "30", "PT2H", "0s", "999ms", "1d"].map {
                            ["source": "prometheus", "value": "checkout_errors > 5 ", "for": .string($0)]
                        }
                    )
                )
            ],
            ["", "30", "PT2H", "0s", "999ms", "1d"].enumerated().map {
                "stopConditions[\($0.offset)].for is \"\($0.element)\": \(times)"
            }
        ),
        Case(
            "a time beside that of the value",
            stop("telemetry", "telemetry: errorRate > 0.2 for 30s", ["for": "10s"]),
            ["stopConditions[0].for is given beside the for of value: one of them is accepted"]
        ),
        Case(
            "a time that is no text",
            stop("prometheus", expression, ["for": 30]),
            ["stopConditions[0].for is a number: \(times)"]
        ),
        Case(
            "counts out of range",
            stop("prometheus", expression, ["breaches": 0, "of": 101]),
            [
                "stopConditions[0].breaches is 0: a whole number from 1 to 100 is accepted",
                "stopConditions[0].of is 101: a whole number from 1 to 100 is accepted",
            ]
        ),
        Case(
            "more than there are",
            stop("prometheus", expression, ["breaches": 4, "of": 3]),
            ["stopConditions[0].breaches is 4 of 3: no more than of, the number of readings, is accepted"]
        ),
        Case(
            "of how many alone",
            stop("prometheus", expression, ["of": 3]),
            ["stopConditions[0].of is given without breaches: only with that is it accepted"]
        ),
        Case(
            "counts that are none",
            stop("prometheus", expression, ["breaches": .number(1.5), "of": "3"]),
            [
                "stopConditions[0].breaches is 1.5: a whole number is accepted",
                "stopConditions[0].of is a string: a whole number is accepted",
            ]
        ),
        Case(
            "a second expression of something else",
            stop("http", "http://shop.example/a", ["requires": "up"]),
            ["stopConditions[0].requires is given: only the source prometheus has it"]
        ),
        Case(
            "a second expression that is none",
            stop("prometheus", expression, ["requires": "  "]),
            [
                "stopConditions[0].requires is \"  \": a PromQL expression of 1 to 2048 characters is accepted"
            ]
        ),
        Case(
            "anything with none",
            [
                .set(
                    "stopConditions",
                    [["source": "none", "requires": "up", "for": "5s", "breaches": 1, "of": 1]]
                )
            ],
            ["requires", "for", "breaches", "of"].map {
                "stopConditions[0].\($0) is given for the source none, which watches nothing"
            }
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<[Draft.Change], [String]>) {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    @Test func `the spaces around a value are kept, and ignored`() throws {
        let template = try Draft.small.with(Self.stop("alarm", "  alarm:a            ")).template()
        #expect(template.stopConditions.first?.value == "  alarm:a            ")
        #expect(template.stopConditions.first?.trimmedValue == "alarm:a")
    }

    @Test func `what was written is understood`() throws {
        let template = try Draft.full.template()
        let conditions = try template.conditions()
        #expect(
            conditions == [
                Condition(
                    name: "stopConditions[0]",
                    source: .cloudWatchAlarm,
                    value: Draft.alarm,
                    question: .cloudWatchAlarm(CloudWatchQuestion(arn: Draft.alarm))
                ),
                Condition(
                    name: "stopConditions[1]",
                    source: .alarm,
                    value: "alarm:checkout",
                    question: .alarm(AlarmQuestion(name: "checkout")),
                    persistence: Persistence(hold: .seconds(30))
                ),
                Condition(
                    name: "stopConditions[2]",
                    source: .prometheus,
                    value: "checkout_errors > 5",
                    question: .prometheus(
                        PrometheusQuestion(
                            expression: "checkout_errors > 5",
                            requires: "up{job=\"checkout\"}"
                        )
                    ),
                    persistence: Persistence(breaches: 2, of: 3)
                ),
            ]
        )
        #expect(try Draft.small.template().conditions() == [])
    }

    @Test func `a value's own time is the condition's`() throws {
        let draft = Draft.small.with(
            Self.stop("telemetry", "telemetry: errorRate > 0.2 for 30s", ["breaches": 3])
        )
        let condition = try #require(try draft.template().conditions().first)
        #expect(condition.persistence == Persistence(hold: .seconds(30), breaches: 3, of: 3))
    }

    @Test func `what another version wrote is read, and what of it is not understood is told`() throws {
        for (changes, message) in [
            (
                Self.stop("datadog", nil),
                "stopConditions[0].source is \"datadog\", which this version does not know"
            ),
            (
                Self.stop("alarm", "x"),
                "stopConditions[0].value is \"x\": alarm: with the name of an alarm behind it is accepted"
            ),
            (
                Self.stop("prometheus", "up == 0", ["for": "3 days"]),
                "stopConditions[0].for is \"3 days\": \(Self.times)"
            ),
        ] {
            let template = try ExperimentTemplate(stored: Draft.small.with(changes).json)
            let error = #expect(throws: ConditionProblem.self) { try template.conditions() }
            #expect(error == ConditionProblem(message))
        }
    }
}

import Base
import Experiments
import Testing

/// What stop conditions, logs and reports are held to.
@Suite struct TemplateSettingsTests {
    private static func stop(_ source: String, _ value: String?) -> [Draft.Change] {
        var condition: JSON = ["source": .string(source)]
        if let value { condition = ["source": .string(source), "value": .string(value)] }
        return [.set("stopConditions", [condition])]
    }

    private static let group: JSON = ["logGroupArn": "arn:aws:logs:us-east-1:1:log-group:a:*"]

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
        Case(
            "logs in CloudWatch",
            [.set("logConfiguration", ["cloudWatchLogsConfiguration": group, "logSchemaVersion": 2])],
            ()
        ),
        Case(
            "logs of the old schema in a bucket",
            [
                .set(
                    "logConfiguration",
                    [
                        "s3Configuration": ["bucketName": "abc", "prefix": .string(long(700))],
                        "logSchemaVersion": 1,
                    ]
                )
            ],
            ()
        ),
        Case(
            "logs in a bucket, under a prefix with spaces",
            [
                .set(
                    "logConfiguration",
                    [
                        "s3Configuration": ["bucketName": "abc", "prefix": "runs of the shop"],
                        "logSchemaVersion": 2,
                    ]
                )
            ],
            ()
        ),
        Case("a report with nothing in it", [.set("experimentReportConfiguration", [:])], ()),
        Case(
            "a report",
            [
                .set(
                    "experimentReportConfiguration",
                    [
                        "outputs": [
                            "s3Configuration": [
                                "bucketName": .string(long(63)), "prefix": .string(long(256)),
                            ]
                        ],
                        "dataSources": [
                            "cloudWatchDashboards": [["dashboardIdentifier": .string(long(512))]]
                        ],
                        "preExperimentDuration": "PT0S", "postExperimentDuration": "PT12H",
                    ]
                )
            ],
            ()
        ),
    ]

    @Test(arguments: accepted) func `accepts`(_ row: Case<[Draft.Change], Void>) {
        #expect(Draft.small.with(row.input).problems() == [])
    }

    private static let sources =
        "none, aws:cloudwatch:alarm, prometheus, http, alarm or telemetry is accepted"
    private static let lengths = "a text of 20 to 2048 characters, spaces around it included, is accepted"
    private static let bucketWords = "a bucket name of 3 to 63 characters without spaces is accepted"
    private static let windowWords = "an ISO 8601 duration from PT0S to PT12H is accepted"

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
                #"stopConditions[0].value is "telemetry:": telemetry: with a condition behind it is accepted"#
            ]
        ),
        Case(
            "a member of a stop condition that is not known",
            [.set("stopConditions.0.period", 60)],
            [
                "stopConditions[0].period is not known: source or value is accepted"
            ]
        ),
        Case(
            "a log that goes nowhere",
            [.set("logConfiguration", ["logSchemaVersion": 2])],
            [
                "Must specify at least one log destination in logConfiguration: "
                    + "cloudWatchLogsConfiguration or s3Configuration is accepted"
            ]
        ),
        Case(
            "a log of no schema",
            [.set("logConfiguration", ["cloudWatchLogsConfiguration": group])],
            [
                "logConfiguration.logSchemaVersion is missing: 1 or 2 is accepted"
            ]
        ),
        Case(
            "a log of a schema that there is not",
            [.set("logConfiguration", ["cloudWatchLogsConfiguration": group, "logSchemaVersion": 3])],
            [
                "logConfiguration.logSchemaVersion is 3: 1 or 2 is accepted"
            ]
        ),
        Case(
            "a log of a schema that is a text",
            [.set("logConfiguration", ["cloudWatchLogsConfiguration": group, "logSchemaVersion": "2"])],
            [
                "logConfiguration.logSchemaVersion is a string: 1 or 2 is accepted"
            ]
        ),
        Case(
            "logs to what is no group and no bucket",
            [
                .set(
                    "logConfiguration",
                    [
                        "cloudWatchLogsConfiguration": ["logGroupArn": "my-group"],
                        "s3Configuration": ["bucketName": "ab", "prefix": ""], "logSchemaVersion": 2,
                    ]
                )
            ],
            [
                #"logConfiguration.cloudWatchLogsConfiguration.logGroupArn is "my-group": an ARN of 20 to 2048 characters is accepted"#,
                #"logConfiguration.s3Configuration.bucketName is "ab": \#(bucketWords)"#,
                #"logConfiguration.s3Configuration.prefix is "": a prefix of 1 to 700 characters is accepted"#,
            ]
        ),
        Case(
            "logs to nothing in particular",
            [
                .set(
                    "logConfiguration",
                    [
                        "cloudWatchLogsConfiguration": [:],
                        "s3Configuration": ["bucketName": .string(long(64)), "prefix": .string(long(701))],
                        "logSchemaVersion": 2,
                    ]
                )
            ],
            [
                "logConfiguration.cloudWatchLogsConfiguration.logGroupArn is missing: an ARN of 20 to 2048 characters is accepted",
                #"logConfiguration.s3Configuration.bucketName is "\#(long(64))": \#(bucketWords)"#,
                #"logConfiguration.s3Configuration.prefix is "\#(long(100))...": a prefix of 1 to 700 characters is accepted"#,
            ]
        ),
        Case(
            "a report that breaks every rule",
            [
                .set(
                    "experimentReportConfiguration",
                    [
                        "outputs": ["s3Configuration": ["prefix": .string(long(257))]],
                        "dataSources": [
                            "cloudWatchDashboards": [[:], ["dashboardIdentifier": .string(long(513))]]
                        ],
                        "preExperimentDuration": "20m", "postExperimentDuration": "PT13H", "format": "pdf",
                    ]
                )
            ],
            [
                "experimentReportConfiguration.outputs.s3Configuration.bucketName is missing: \(bucketWords)",
                #"experimentReportConfiguration.outputs.s3Configuration.prefix is "\#(long(100))...": a prefix of 1 to 256 characters without spaces is accepted"#,
                "experimentReportConfiguration.dataSources.cloudWatchDashboards[0].dashboardIdentifier is missing: the ARN of a dashboard, of 1 to 512 characters without spaces, is accepted",
                #"experimentReportConfiguration.dataSources.cloudWatchDashboards[1].dashboardIdentifier is "\#(long(100))...": the ARN of a dashboard, of 1 to 512 characters without spaces, is accepted"#,
                #"experimentReportConfiguration.preExperimentDuration is "20m": \#(windowWords)"#,
                #"experimentReportConfiguration.postExperimentDuration is "PT13H": \#(windowWords)"#,
                "experimentReportConfiguration.format is not known: outputs, dataSources, preExperimentDuration or postExperimentDuration is accepted",
            ]
        ),
        Case(
            "a window of more than 32 characters",
            [
                .set(
                    "experimentReportConfiguration.preExperimentDuration",
                    .string("PT" + long(30, "0") + "S")
                )
            ],
            [
                #"experimentReportConfiguration.preExperimentDuration is "PT\#(long(30, "0"))S": \#(windowWords)"#
            ]
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
}

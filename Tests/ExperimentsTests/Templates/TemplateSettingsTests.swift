import Base
import Experiments
import Testing

/// What logs and reports are held to.
@Suite struct TemplateSettingsTests {
    private static let group: JSON = ["logGroupArn": "arn:aws:logs:us-east-1:1:log-group:a:*"]

    private static let accepted: [Case<[Draft.Change], Void>] = [
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

    private static let bucketWords = "a bucket name of 3 to 63 characters without spaces is accepted"
    private static let windowWords = "an ISO 8601 duration from PT0S to PT12H is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
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
}

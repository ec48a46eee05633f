import Base
import Experiments
import Testing

/// What an update keeps, replaces and refuses.
@Suite struct TemplateUpdateTests {
    private static let group: JSON = ["logGroupArn": "arn:aws:logs:us-east-1:1:log-group:a:*"]

    private static let accepted: [Case<JSON, [Draft.Change]>] = [
        Case("nothing", [:], []),
        Case("a description", ["description": "b"], [.set("description", "b")]),
        Case("members that are null stay", ["description": .null, "targets": .null], []),
        Case(
            "a role",
            ["roleArn": "arn:aws:iam::1:role/other"],
            [.set("roleArn", "arn:aws:iam::1:role/other")]
        ),
        Case(
            "stop conditions",
            ["stopConditions": [["source": "none"]]],
            [.set("stopConditions", [["source": "none"]])]
        ),
        Case(
            "actions and targets, whole",
            [
                "actions": ["W": ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]]],
                "targets": [:],
            ],
            [
                .set("actions", ["W": ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]]]),
                .set("targets", [:]),
            ]
        ),
        Case(
            "an action without its id keeps it",
            ["actions": ["Wait": ["parameters": ["duration": "PT9M"]]], "targets": [:]],
            [
                .set("actions", ["Wait": ["actionId": "aws:fis:wait", "parameters": ["duration": "PT9M"]]]),
                .set("targets", [:]),
            ]
        ),
        Case("no more log", ["logConfiguration": [:]], [.remove("logConfiguration")]),
        Case(
            "another log of the same schema",
            ["logConfiguration": ["cloudWatchLogsConfiguration": group]],
            [.set("logConfiguration", ["cloudWatchLogsConfiguration": group, "logSchemaVersion": 2])]
        ),
        Case(
            "another log of another schema",
            ["logConfiguration": ["cloudWatchLogsConfiguration": group, "logSchemaVersion": 1]],
            [.set("logConfiguration", ["cloudWatchLogsConfiguration": group, "logSchemaVersion": 1])]
        ),
        Case(
            "what happens to empty targets",
            ["experimentOptions": ["emptyTargetResolutionMode": "fail"]],
            [.set("experimentOptions.emptyTargetResolutionMode", "fail")]
        ),
        Case("no options in the options", ["experimentOptions": ["accountTargeting": .null]], []),
        Case(
            "no more report",
            ["experimentReportConfiguration": [:]],
            [.remove("experimentReportConfiguration")]
        ),
        Case(
            "another report",
            ["experimentReportConfiguration": ["preExperimentDuration": "PT1M"]],
            [.set("experimentReportConfiguration", ["preExperimentDuration": "PT1M"])]
        ),
    ]

    @Test(arguments: accepted) func `keeps what is not given and replaces what is`(
        _ row: Case<JSON, [Draft.Change]>
    )
        throws
    {
        let updated = try Draft.full.template().updated(by: row.input)
        #expect(updated.json == Draft.full.with(row.output).json)
    }

    @Test func `a log where there was none has the schema of today`() throws {
        let updated = try Draft.small.template().updated(by: [
            "logConfiguration": ["cloudWatchLogsConfiguration": Self.group]
        ])
        #expect(
            updated.logConfiguration
                == LogConfiguration(schemaVersion: 2, logGroupARN: "arn:aws:logs:us-east-1:1:log-group:a:*")
        )
    }

    private static let refused: [Case<JSON, [String]>] = [
        Case("no object", "a", ["The update is a string: an object is accepted"]),
        Case(
            "tags",
            ["tags": ["a": "b"]],
            ["tags cannot be updated: TagResource and UntagResource change them"]
        ),
        Case(
            "the accounts, even as they are",
            ["experimentOptions": ["accountTargeting": "multi-account"]],
            [
                "experimentOptions.accountTargeting cannot be updated: only a new template has another"
            ]
        ),
        Case(
            "a member that is not known",
            ["colour": "red"],
            [
                "colour is not known: description, targets, actions, stopConditions, roleArn, tags, logConfiguration, "
                    + "experimentOptions, experimentReportConfiguration or steadyStateHypothesis is accepted"
            ]
        ),
        Case(
            "an action without an id that there was not",
            ["actions": ["New": [:]], "targets": [:]],
            [
                "actions.New.actionId is missing: an id of 1 to 128 characters without spaces is accepted"
            ]
        ),
        Case(
            "a log that goes nowhere",
            ["logConfiguration": ["logSchemaVersion": 2]],
            [
                "Must specify at least one log destination in logConfiguration: "
                    + "cloudWatchLogsConfiguration or s3Configuration is accepted"
            ]
        ),
        Case(
            "what fits no more to what is kept",
            ["targets": [:]],
            [
                #"actions.Delay.targets.Functions is "Checkout": the name of a target of this template is accepted"#,
                #"actions.Stop.targets.Tasks is "Tasks": the name of a target of this template is accepted"#,
            ]
        ),
        Case(
            "everything at once",
            ["tags": 1, "experimentOptions": ["accountTargeting": 1, "x": 1], "description": ""],
            [
                "tags cannot be updated: TagResource and UntagResource change them",
                "experimentOptions.accountTargeting cannot be updated: only a new template has another",
                #"description is "": a text of 1 to 512 characters is accepted"#,
                "experimentOptions.x is not known: accountTargeting, emptyTargetResolutionMode, overlapPolicy or queueTimeout is accepted",
            ]
        ),
        Case(
            "another type",
            ["actions": 1, "logConfiguration": "off"],
            [
                "actions is a number: an object is accepted",
                "logConfiguration is a string: an object is accepted",
            ]
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<JSON, [String]>) throws {
        let template = try Draft.full.template()
        let error = #expect(throws: TemplateProblems.self) { try template.updated(by: row.input) }
        #expect(error?.problems.map(\.message) == row.output)
    }

    @Test func `members that the caller knows may stand beside`() throws {
        let template = try Draft.small.template()
        #expect(try template.updated(by: ["id": "EXTa"], alsoKnown: ["id"]) == template)
    }
}

import Base
import Experiments
import Testing

/// How a template is shown, and how it is kept.
@Suite struct TemplateJSONTests {
    @Test func `what was given is shown as it was given, the options with their defaults`() throws {
        let shown = try Draft.small.template().json
        let expected = Draft.small.with([
            .set("tags", [:]),
            .set(
                "experimentOptions",
                ["accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"]
            ),
        ])
        #expect(shown == expected.json)
        #expect(
            String(decoding: shown.encoded, as: UTF8.self)
                == #"{"description":"Slow the checkout","targets":{"Checkout":{"resourceType":"aws:lambda:function","#
                + #""resourceArns":["arn:aws:lambda:us-east-1:000000000000:function:checkout"],"selectionMode":"ALL"}},"#
                + #""actions":{"Wait":{"actionId":"aws:fis:wait","parameters":{"duration":"PT1M"}},"#
                + #""Delay":{"actionId":"aws:lambda:invocation-add-delay","#
                + #""parameters":{"duration":"PT5M","startupDelayMilliseconds":"2000"},"#
                + #""targets":{"Functions":"Checkout"},"startAfter":["Wait"]}},"#
                + #""stopConditions":[{"source":"none"}],"roleArn":"arn:aws:iam::000000000000:role/chaos","tags":{},"#
                + #""experimentOptions":{"accountTargeting":"single-account","emptyTargetResolutionMode":"fail"}}"#
        )
    }

    @Test func `every member is shown as it was given`() throws {
        #expect(try Draft.full.template().json == Draft.full.json)
    }

    @Test func `what is empty is not shown, but for targets and tags`() throws {
        let draft = Draft.small.with([
            .remove("targets"), .remove("actions.Delay"), .set("actions.Wait.targets", [:]),
            .set("actions.Wait.startAfter", []),
            .set("experimentReportConfiguration", ["outputs": [:], "dataSources": [:]]),
        ])
        #expect(
            try draft.template().json == [
                "description": "Slow the checkout",
                "targets": [:],
                "actions": ["Wait": ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]]],
                "stopConditions": [["source": "none"]],
                "roleArn": .string(Draft.role),
                "tags": [:],
                "experimentOptions": [
                    "accountTargeting": "single-account", "emptyTargetResolutionMode": "fail",
                ],
            ]
        )
    }

    @Test(arguments: ["small", "full"]) func `reads back what it shows and what it keeps`(
        _ name: String
    ) throws {
        let template = try (name == "small" ? Draft.small : Draft.full).template()
        #expect(try ExperimentTemplate.read(template.json) == template)
        let kept = try JSON(parsing: Array(template.storedText.utf8))
        #expect(try ExperimentTemplate(stored: kept) == template)
    }

    @Test func `what was kept is read by the rules of its own time`() throws {
        let draft = Draft.full.with([
            .set("actions.Wait.actionId", "aws:fis:an-action-that-was"),
            .set("actions.Wait.parameters.duration", "5m"),
            .set("targets.Checkout.resourceType", "aws:lambda:layer"),
            .set("description", .string(long(2_000))),
            .set("roleArn", "role"), .set("colour", "red"),
            .set("actions.Delay.startAfter", ["Delay", "Gone"]),
            .set("targets.Checkout.resourceArns", .array((0..<9).map { .string("name-\($0)") })),
            .set("tags", .object((0..<60).map { .init("aws:\($0)", "v") })),
            .set("logConfiguration.logSchemaVersion", 9),
            .set("stopConditions", []),
        ])
        #expect(!draft.problems().isEmpty)
        let template = try ExperimentTemplate(stored: draft.json)
        #expect(template.json == draft.with([.remove("colour")]).json)
        #expect(template.actions.first?.parameter("duration") == "5m")
        #expect(template.targets.first?.resourceARNs.count == 9)
    }

    @Test func `what can be made by hand is kept and read back too`() throws {
        let template = ExperimentTemplate(
            description: "",
            targets: [
                TemplateTarget(
                    name: "T",
                    resourceType: "a",
                    filters: [.init(path: "", values: [])],
                    selection: .count(0)
                )
            ],
            actions: [TemplateAction(name: "", actionID: "")],
            stopConditions: [],
            roleARN: "",
            logConfiguration: LogConfiguration(schemaVersion: 1),
            reportConfiguration: ReportConfiguration()
        )
        let text = template.storedText
        var readable = template
        readable.targets[0].selection = .all
        let kept = try JSON(parsing: Array(readable.storedText.utf8))
        #expect(try ExperimentTemplate(stored: kept) == readable)
        #expect(text.contains("COUNT(0)"))
    }

    private static let unreadable: [Case<[Draft.Change], [String]>] = [
        Case(
            "no description and no actions",
            [.remove("description"), .remove("actions")],
            [
                "description is missing: a text of 1 to 512 characters is accepted",
                "actions is missing: an object is accepted",
            ]
        ),
        Case(
            "a number for a text",
            [.set("actions.Wait.parameters.duration", 5)],
            [
                "actions.Wait.parameters.duration is a number: a text of 1 to 1024 characters is accepted"
            ]
        ),
        Case(
            "a selection that is none",
            [.set("targets.Checkout.selectionMode", "SOME")],
            [
                #"targets.Checkout.selectionMode is "SOME": ALL, COUNT(n) with n of at least 1, or PERCENT(n) with n from 1 to 100, is accepted"#
            ]
        ),
        Case(
            "an option that is none",
            [.set("experimentOptions", ["accountTargeting": "all"])],
            [
                #"experimentOptions.accountTargeting is "all": single-account or multi-account is accepted"#
            ]
        ),
    ]

    @Test(arguments: unreadable) func `what cannot be read is told`(_ row: Case<[Draft.Change], [String]>) {
        let error = #expect(throws: TemplateProblems.self) {
            try ExperimentTemplate(stored: Draft.small.with(row.input).json)
        }
        #expect(error?.problems.map(\.message) == row.output)
    }
}

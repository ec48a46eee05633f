import Base
import Experiments
import Testing

/// What a template's actions are held to.
@Suite struct TemplateActionTests {
    private static let parameters = "actions.Delay.parameters"

    private static let accepted: [Case<[Draft.Change], Void>] = [
        Case(
            "the longest name and description",
            [
                .set(
                    "actions.\(long(64))",
                    [
                        "actionId": "aws:fis:wait", "parameters": ["duration": "PT1S"],
                        "description": .string(long(512)),
                    ]
                )
            ],
            ()
        ),
        Case("the shortest duration", [.set("\(parameters).duration", "PT1S")], ()),
        Case("the longest duration", [.set("\(parameters).duration", "PT12H")], ()),
        Case("no percent, which is no fault", [.set("\(parameters).invocationPercentage", "0")], ()),
        Case(
            "what Faultplane adds",
            [
                .set("\(parameters).maxInvocations", "1"), .set("\(parameters).everyNth", "2"),
                .set("\(parameters).when", "after"),
            ],
            ()
        ),
        Case("empty members", [.set("actions.Wait.targets", [:]), .set("actions.Wait.startAfter", [])], ()),
        Case(
            "what both say about the moment",
            [
                .set("actions.Delay.actionId", "aws:lambda:invocation-error"),
                .set(parameters, ["duration": "PT1M", "preventExecution": "false", "when": "after"]),
            ],
            ()
        ),
        Case(
            "spaces in a value",
            [
                .set(
                    "actions.Wait",
                    [
                        "actionId": "aws:ssm:start-automation-execution",
                        "parameters": [
                            "documentArn": "arn:aws:ssm:us-east-1::document/a", "maxDuration": "PT1M",
                            "documentParameters": #"{"a": "b", "c": ["d"]}"#,
                        ],
                    ]
                )
            ],
            ()
        ),
        Case(
            "a diamond",
            [
                .set(
                    "actions.B",
                    ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"], "startAfter": ["Wait"]]
                ),
                .set(
                    "actions.C",
                    [
                        "actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"],
                        "startAfter": ["B", "Delay"],
                    ]
                ),
            ],
            ()
        ),
        Case(
            "more than ten side by side",
            (0..<20).map {
                .set("actions.W\($0)", ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]])
            },
            ()
        ),
    ]

    @Test(arguments: accepted) func `accepts`(_ row: Case<[Draft.Change], Void>) {
        #expect(Draft.small.with(row.input).problems() == [])
    }

    private static let durationWords = "an ISO 8601 duration from PT1S to PT12H is accepted"
    private static let nameWords = "a name of 1 to 64 characters without spaces is accepted"
    private static let functions =
        "For aws:lambda:invocation-add-delay, Functions, with a target of type aws:lambda:function, is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
        Case(
            "nothing in it",
            [.set("actions.Wait", [:])],
            [
                "actions.Wait.actionId is missing: an id of 1 to 128 characters without spaces is accepted"
            ]
        ),
        Case(
            "another type of value",
            [.set("actions.Wait", [])],
            ["actions.Wait is an array: an object is accepted"]
        ),
        Case(
            "other types in it",
            [
                .set(
                    "actions.Wait",
                    ["actionId": 1, "description": 2, "parameters": 3, "targets": 4, "startAfter": 5]
                )
            ],
            [
                "actions.Wait.actionId is a number: an id of 1 to 128 characters without spaces is accepted",
                "actions.Wait.description is a number: a text of 1 to 512 characters is accepted",
                "actions.Wait.parameters is a number: an object is accepted",
                "actions.Wait.targets is a number: an object is accepted",
                "actions.Wait.startAfter is a number: a list is accepted",
            ]
        ),
        Case(
            "a member that is not known",
            [.set("actions.Wait.duration", "PT1M")],
            [
                "actions.Wait.duration is not known: actionId, description, parameters, targets or startAfter is accepted"
            ]
        ),
        Case(
            "names with a space and too long",
            [
                .set("actions.my wait", ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]]),
                .set(
                    "actions.\(long(65))",
                    ["actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"]]
                ),
            ],
            [
                #"actions has the member "my wait": \#(nameWords)"#,
                #"actions has the member "\#(long(65))": \#(nameWords)"#,
            ]
        ),
        Case(
            "a description too long",
            [.set("actions.Wait.description", .string(long(513)))],
            [
                #"actions.Wait.description is "\#(long(100))...": a text of 1 to 512 characters is accepted"#
            ]
        ),
        Case(
            "an id with a space",
            [.set("actions.Wait.actionId", "aws:fis: wait")],
            [
                #"actions.Wait.actionId is "aws:fis: wait": an id of 1 to 128 characters without spaces is accepted"#
            ]
        ),
        Case(
            "a duration as people write it",
            [.set("\(parameters).duration", "5m")],
            [
                #"actions.Delay.parameters.duration is "5m": \#(durationWords)"#
            ]
        ),
        Case(
            "a duration too short",
            [.set("\(parameters).duration", "PT0.5S")],
            [
                #"actions.Delay.parameters.duration is "PT0.5S": \#(durationWords)"#
            ]
        ),
        Case(
            "a duration too long",
            [.set("\(parameters).duration", "PT12H1S")],
            [
                #"actions.Delay.parameters.duration is "PT12H1S": \#(durationWords)"#
            ]
        ),
        Case(
            "a duration that is a number",
            [.set("\(parameters).duration", 60)],
            [
                "actions.Delay.parameters.duration is a number: a text of 1 to 1024 characters is accepted"
            ]
        ),
        Case(
            "a wait of FIS's own that is too short there, and is here too",
            [.set("actions.Wait.parameters.duration", "PT0S")],
            [
                #"actions.Wait.parameters.duration is "PT0S": \#(durationWords)"#
            ]
        ),
        Case(
            "no duration",
            [.remove("\(parameters).duration")],
            ["actions.Delay.parameters.duration is missing: \(durationWords)"]
        ),
        Case(
            "no parameters",
            [.remove("actions.Wait.parameters")],
            ["actions.Wait.parameters.duration is missing: \(durationWords)"]
        ),
        Case(
            "a parameter too long, empty or only spaces",
            [
                .set("\(parameters).invocationPercentage", .string(long(1_025))),
                .set("\(parameters).everyNth", ""),
                .set("\(parameters).when", " "),
            ],
            [
                #"actions.Delay.parameters.invocationPercentage is "\#(long(100))...": a text of 1 to 1024 characters is accepted"#,
                #"actions.Delay.parameters.everyNth is "": a text of 1 to 1024 characters is accepted"#,
                #"actions.Delay.parameters.when is " ": a text of 1 to 1024 characters is accepted"#,
            ]
        ),
        Case(
            "parameters out of their range",
            [
                .set("\(parameters).invocationPercentage", "101"),
                .set("\(parameters).startupDelayMilliseconds", "900001"),
                .set("\(parameters).maxInvocations", "0"), .set("\(parameters).everyNth", "-1"),
                .set("\(parameters).when", "during"),
            ],
            [
                #"actions.Delay.parameters.startupDelayMilliseconds is "900001": a whole number from 0 to 900000 is accepted"#,
                #"actions.Delay.parameters.invocationPercentage is "101": a whole number from 0 to 100 is accepted"#,
                #"actions.Delay.parameters.maxInvocations is "0": a whole number of at least 1 is accepted"#,
                #"actions.Delay.parameters.everyNth is "-1": a whole number of at least 1 is accepted"#,
                #"actions.Delay.parameters.when is "during": before or after is accepted"#,
            ]
        ),
        Case(
            "a parameter that is not known",
            [.set("actions.Wait.parameters.percent", "1")],
            [
                "actions.Wait.parameters.percent is not a parameter of aws:fis:wait: duration is accepted"
            ]
        ),
        Case(
            "a parameter where there is none",
            [
                .set("actions.Delay.actionId", "aws:ec2:reboot-instances"),
                .set("actions.Delay.targets", ["Instances": "I"]),
                .remove("targets.Checkout"),
                .set(
                    "targets.I",
                    ["resourceType": "aws:ec2:instance", "resourceTags": ["a": "b"], "selectionMode": "ALL"]
                ),
            ],
            [
                "actions.Delay.parameters.duration is not a parameter of aws:ec2:reboot-instances: nothing is accepted",
                "actions.Delay.parameters.startupDelayMilliseconds is not a parameter of aws:ec2:reboot-instances: nothing is accepted",
            ]
        ),
        Case(
            "more parameters than anything has",
            [.set("actions.Wait.parameters", .object((0..<101).map { .init("p\($0)", "v") }))],
            [
                "actions.Wait.parameters has 101 entries: at most 100 are accepted"
            ]
        ),
        Case(
            "a status of two digits",
            [
                .set("actions.Delay.actionId", "aws:lambda:invocation-http-integration-response"),
                .set(
                    parameters,
                    [
                        "duration": "PT1M", "contentTypeHeader": "text/plain", "statusCode": "50",
                        "preventExecution": "yes",
                    ]
                ),
            ],
            [
                #"actions.Delay.parameters.statusCode is "50": three digits from 000 to 999 is accepted"#,
                #"actions.Delay.parameters.preventExecution is "yes": true or false is accepted"#,
            ]
        ),
        Case(
            "two that say different moments",
            [
                .set("actions.Delay.actionId", "aws:lambda:invocation-error"),
                .set(parameters, ["duration": "PT1M", "preventExecution": "true", "when": "after"]),
            ],
            [
                #"actions.Delay.parameters.when is "after": with preventExecution "true", before is accepted"#
            ]
        ),
        Case(
            "two that say different moments, the other way round",
            [
                .set("actions.Delay.actionId", "aws:lambda:invocation-error"),
                .set(parameters, ["duration": "PT1M", "preventExecution": "False", "when": "before"]),
            ],
            [
                #"actions.Delay.parameters.when is "before": with preventExecution "false", after is accepted"#
            ]
        ),
        Case(
            "the wrong slot",
            [.set("actions.Delay.targets", ["Instances": "Checkout"])],
            [
                #"Unexpected target "Instances" found in action "Delay". \#(functions)"#
            ]
        ),
        Case(
            "a slot too many",
            [.set("actions.Delay.targets.Instances", "Checkout")],
            [
                #"Unexpected target "Instances" found in action "Delay". \#(functions)"#
            ]
        ),
        Case(
            "a slot where there is none",
            [.set("actions.Wait.targets", ["Functions": "Checkout"])],
            [
                #"Unexpected target "Functions" found in action "Wait". For aws:fis:wait, no target is accepted"#
            ]
        ),
        Case(
            "no target",
            [.remove("actions.Delay.targets"), .remove("targets")],
            [
                "actions.Delay.targets.Functions is missing: the name of a target of type aws:lambda:function is accepted"
            ]
        ),
        Case(
            "a target that there is not",
            [.set("actions.Delay.targets.Functions", "Basket")],
            [
                #"actions.Delay.targets.Functions is "Basket": the name of a target of this template is accepted"#
            ]
        ),
        Case(
            "a target of another type",
            [
                .set("targets.Checkout.resourceType", "aws:iam:role"),
                .set("targets.Checkout.resourceArns", [.string(Draft.role)]),
            ],
            [
                #"actions.Delay.targets.Functions is "Checkout" of type "aws:iam:role": "#
                    + "a target of type aws:lambda:function is accepted"
            ]
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<[Draft.Change], [String]>) {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    private static let unknown =
        #"Invalid actionId: actions.Wait.actionId is "aws:fis:sleep", and an id that ListActions names is accepted"#

    @Test func `an action that there is not is told apart, since FIS says that it is not found`() {
        let draft = Draft.small.with([.set("actions.Wait.actionId", "aws:fis:sleep")])
        let error = #expect(throws: TemplateProblems.self) { try draft.template() }
        #expect(
            error?.problems == [
                TemplateProblem(path: "actions.Wait.actionId", message: Self.unknown, kind: .unknownAction)
            ]
        )
        #expect(error?.isUnknownAction == true)
        let worse = #expect(throws: TemplateProblems.self) {
            try draft.with([.set("description", "")]).template()
        }
        #expect(worse?.problems.map(\.kind) == [.invalid, .unknownAction])
        #expect(worse?.isUnknownAction == false)
    }
}

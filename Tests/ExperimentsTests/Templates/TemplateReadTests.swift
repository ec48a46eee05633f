import Base
import Experiments
import Testing

/// What a template as a whole is held to.
@Suite struct TemplateReadTests {
    private static let accepted: [Case<[Draft.Change], Void>] = [
        Case("as it is", [], ()),
        Case("no targets, and no action that needs one", [.remove("targets"), .remove("actions.Delay")], ()),
        Case("members that are null", [.set("tags", .null), .set("logConfiguration", .null)], ()),
        Case("the shortest description", [.set("description", "a")], ()),
        Case("the longest description", [.set("description", .string(long(512)))], ()),
        Case("a description of several lines", [.set("description", "a\nb\u{1F600}")], ()),
        Case("the shortest role", [.set("roleArn", "arn:aws:iam::1:a/bcd")], ()),
        Case("the longest role", [.set("roleArn", .string("arn:aws:iam::1:" + long(2_033)))], ()),
        Case(
            "options",
            [
                .set(
                    "experimentOptions",
                    ["accountTargeting": "multi-account", "emptyTargetResolutionMode": "skip"]
                )
            ],
            ()
        ),
        Case("no options in the options", [.set("experimentOptions", [:])], ()),
        Case(
            "a tag of the longest key and value",
            [.set("tags", .object([.init(long(128), .string(long(256)))]))],
            ()
        ),
        Case("a tag without a value", [.set("tags", ["a": ""])], ()),
        Case("a tag that has aws: not in front", [.set("tags", ["my-aws:team": "a"])], ()),
        Case("50 tags", [.set("tags", .object((0..<50).map { .init("k\($0)", "v") }))], ()),
    ]

    @Test(arguments: accepted) func `accepts`(_ row: Case<[Draft.Change], Void>) {
        #expect(Draft.small.with(row.input).problems() == [])
    }

    private static let roleWords = "an ARN of 20 to 2048 characters is accepted"
    private static let tagWords = "a tag key of 1 to 128 characters that does not start with aws: is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
        Case(
            "nothing in it",
            ["description", "targets", "actions", "stopConditions", "roleArn"].map { .remove($0) },
            [
                "description is missing: a text of 1 to 512 characters is accepted",
                "actions is missing: an object is accepted",
                "stopConditions is missing: a list is accepted",
                "roleArn is missing: \(roleWords)",
            ]
        ),
        Case(
            "a member that is not known",
            [.set("colour", "red")],
            [
                "colour is not known: description, targets, actions, stopConditions, roleArn, tags, logConfiguration, "
                    + "experimentOptions, experimentReportConfiguration or steadyStateHypothesis is accepted"
            ]
        ),
        Case(
            "a token that nobody said may be there",
            [.set("clientToken", "a")],
            [
                "clientToken is not known: description, targets, actions, stopConditions, roleArn, tags, logConfiguration, "
                    + "experimentOptions, experimentReportConfiguration or steadyStateHypothesis is accepted"
            ]
        ),
        Case(
            "other types all over",
            [
                .set("description", 1), .set("targets", []), .set("actions", "a"),
                .set("stopConditions", [:]),
                .set("roleArn", true), .set("tags", .number(1.5)), .set("logConfiguration", []),
                .set("experimentOptions", "skip"),
                .set("experimentReportConfiguration", 1),
            ],
            [
                "description is a number: a text of 1 to 512 characters is accepted",
                "targets is an array: an object is accepted",
                "actions is a string: an object is accepted",
                "stopConditions is an object: a list is accepted",
                "roleArn is a boolean: \(roleWords)",
                "tags is a number: an object is accepted",
                "logConfiguration is an array: an object is accepted",
                "experimentOptions is a string: an object is accepted",
                "experimentReportConfiguration is a number: an object is accepted",
            ]
        ),
        Case(
            "an empty description",
            [.set("description", "")],
            [
                #"description is "": a text of 1 to 512 characters is accepted"#
            ]
        ),
        Case(
            "a description too long, cut in the answer",
            [.set("description", .string(long(513)))],
            [
                #"description is "\#(long(100))...": a text of 1 to 512 characters is accepted"#
            ]
        ),
        Case(
            "a description with a NUL",
            [.set("description", "a\0b")],
            [
                #"description is "a\u{0}b": a text of 1 to 512 characters is accepted"#
            ]
        ),
        Case(
            "a role too short",
            [.set("roleArn", "arn:aws:iam::1:a/bc")],
            [
                #"roleArn is "arn:aws:iam::1:a/bc": \#(roleWords)"#
            ]
        ),
        Case(
            "a role too long",
            [.set("roleArn", .string("arn:aws:iam::1:" + long(2_034)))],
            [
                #"roleArn is "arn:aws:iam::1:\#(long(85))...": \#(roleWords)"#
            ]
        ),
        Case(
            "a role that is no ARN",
            [.set("roleArn", "this-is-the-role-to-be-used")],
            [
                #"roleArn is "this-is-the-role-to-be-used": \#(roleWords)"#
            ]
        ),
        Case(
            "a role with what moves the cursor",
            [.set("roleArn", "arn:aws:iam::1:role/\u{1B}[2J\u{202E}\n\u{2028}")],
            [
                #"roleArn is "arn:aws:iam::1:role/\u{1B}[2J\u{202E}\u{A}\u{2028}": \#(roleWords)"#
            ]
        ),
        Case(
            "options that there are not",
            [
                .set(
                    "experimentOptions",
                    [
                        "accountTargeting": "all", "emptyTargetResolutionMode": 1, "actionsMode": "skip-all",
                    ]
                )
            ],
            [
                #"experimentOptions.accountTargeting is "all": single-account or multi-account is accepted"#,
                "experimentOptions.emptyTargetResolutionMode is a number: fail or skip is accepted",
                "experimentOptions.actionsMode is not known: accountTargeting, emptyTargetResolutionMode, overlapPolicy or queueTimeout is accepted",
            ]
        ),
        Case(
            "no action",
            [.set("actions", [:]), .remove("targets")],
            ["actions is empty: at least one action is accepted"]
        ),
        Case(
            "a tag key of AWS's own",
            [.set("tags", ["AWS:team": "a"])],
            [
                #"tags has the member "AWS:team": \#(tagWords)"#
            ]
        ),
        Case("an empty tag key", [.set("tags", ["": "a"])], [#"tags has the member "": \#(tagWords)"#]),
        Case(
            "a tag key too long",
            [.set("tags", .object([.init(long(129), "a")]))],
            [
                #"tags has the member "\#(long(100))...": \#(tagWords)"#
            ]
        ),
        Case(
            "tag values too long and of another type",
            [.set("tags", ["a": .string(long(257)), "b": 1, "c": .null])],
            [
                #"tags.a is "\#(long(100))...": a text of at most 256 characters is accepted"#,
                "tags.b is a number: a text of at most 256 characters is accepted",
                "tags.c is null: a text of at most 256 characters is accepted",
            ]
        ),
        Case(
            "51 tags",
            [.set("tags", .object((0..<51).map { .init("k\($0)", "v") }))],
            [
                "tags has 51 entries: at most 50 are accepted"
            ]
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<[Draft.Change], [String]>) {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    @Test func `members that the caller knows may stand beside`() {
        #expect(Draft.small.with([.set("clientToken", "a")]).problems(alsoKnown: ["clientToken"]) == [])
    }

    @Test func `what is no object is no template`() {
        #expect(Draft(json: []).problems() == ["The template is an array: an object is accepted"])
    }

    @Test func `as many actions, targets and stop conditions as the limits say`() {
        var limits = TemplateLimits()
        (limits.actions, limits.targets, limits.stopConditions) = (3, 2, 3)
        #expect(Draft.full.problems(limits: limits) == [])
        (limits.actions, limits.targets, limits.stopConditions) = (2, 1, 1)
        #expect(
            Draft.full.problems(limits: limits) == [
                "targets has 2 entries: at most 1 are accepted",
                "actions has 3 entries: at most 2 are accepted",
                "stopConditions has 3 entries: at most 1 are accepted",
            ]
        )
    }

    @Test func `all problems are told at once, in the order of the members, in one text`() throws {
        let draft = Draft.small.with([
            .set("description", ""), .set("actions.Delay.parameters.duration", "5m"),
            .set("targets.Checkout.selectionMode", "SOME"), .remove("roleArn"),
        ])
        let error = #expect(throws: TemplateProblems.self) { try draft.template() }
        #expect(
            error?.problems.map(\.path) == [
                "description", "targets.Checkout.selectionMode", "actions.Delay.parameters.duration",
                "roleArn",
            ]
        )
        #expect(
            error?.description
                == #"description is "": a text of 1 to 512 characters is accepted; "#
                + #"targets.Checkout.selectionMode is "SOME": ALL, COUNT(n) with n of at least 1, or PERCENT(n) "#
                + "with n from 1 to 100, is accepted; "
                + #"actions.Delay.parameters.duration is "5m": an ISO 8601 duration from PT1S to PT12H is accepted; "#
                + "roleArn is missing: an ARN of 20 to 2048 characters is accepted."
        )
        #expect(error?.isUnknownAction == false)
    }

    @Test func `one text names a hundred problems and counts the others`() {
        let many = TemplateProblems(
            (0..<103).map { TemplateProblem(path: "\($0)", message: "\($0) is wrong") }
        )
        #expect(many.description.hasSuffix("; 99 is wrong; and 3 more."))
    }
}

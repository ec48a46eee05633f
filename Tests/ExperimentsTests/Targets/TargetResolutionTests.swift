import Base
import Experiments
import Testing

@Suite struct TargetResolutionTests {
    private typealias Tag = Experiments.Tag

    private static func function(
        _ name: String,
        _ tags: [Tag] = [],
        _ attributes: JSON = .object([])
    ) -> TargetCandidate {
        TargetCandidate(
            arn: Stage.arn(name),
            resourceType: "aws:lambda:function",
            tags: tags,
            attributes: attributes
        )
    }

    private static let functions = [
        function("e", [Tag("env", "prod"), Tag("team", "")], ["Runtime": "swift", "MemorySize": 128]),
        function("a", [Tag("env", "prod")], ["runtime": "swift", "Vpc": ["Subnets": ["s1", "s2"]]]),
        function("c", [Tag("env", "prod")], ["Layers": [["Arn": "l1"], ["Arn": "l2"]], "Snap": true]),
        function("b", [Tag("env", "test")], ["Runtime": "python", "Ratio": .number(0.5), "Gone": .null]),
        function(
            "d",
            [Tag("env", "")],
            ["Runtime": "python", "Layers": [[["Arn": "l2"]]], "cluster": "main"]
        ),
        TargetCandidate(
            arn: "arn:aws:ecs:x:y:task/1",
            resourceType: "aws:ecs:task",
            tags: [Tag("env", "prod")]
        ),
    ]

    private static func target(_ change: (inout TemplateTarget) -> Void) -> TemplateTarget {
        var target = TemplateTarget(name: "T", resourceType: "aws:lambda:function")
        change(&target)
        return target
    }

    private static func filtered(_ filters: (String, [String])...) -> TemplateTarget {
        target { $0.filters = filters.map { .init(path: $0.0, values: $0.1) } }
    }

    /// The names found, and the sentence about it.
    private static let searches: [Row<TemplateTarget, (String, String)>] = [
        Row("everything of the type", target { _ in }, ("abcde", "5 functions are known; ALL takes 5.")),
        Row(
            "a tag",
            target { $0.resourceTags = [Tag("env", "prod")] },
            ("ace", "3 of 5 functions have tag env=prod; ALL takes 3.")
        ),
        Row(
            "tags that only one has",
            target { $0.resourceTags = [Tag("env", "prod"), Tag("team", "")] },
            ("e", "3 of 5 functions have tag env=prod; 1 of them has tag team=; ALL takes 1.")
        ),
        Row(
            "tags that none has together",
            target { $0.resourceTags = [Tag("env", "prod"), Tag("team", "x"), Tag("never", "asked")] },
            ("", "3 of 5 functions have tag env=prod; 0 of them have tag team=x.")
        ),
        Row(
            "an empty value matches only an empty value",
            target { $0.resourceTags = [Tag("env", "")] },
            ("d", "1 of 5 functions has tag env=; ALL takes 1.")
        ),
        Row(
            "a tag nobody has",
            target { $0.resourceTags = [Tag("ENV", "prod")] },
            ("", "0 of 5 functions have tag ENV=prod.")
        ),
        Row("another type", target { $0.resourceType = "aws:rds:db" }, ("", "No dbs are known.")),
        Row(
            "a filter",
            filtered(("Runtime", ["swift"])),
            ("ae", "2 of 5 functions have Runtime=swift; ALL takes 2.")
        ),
        Row(
            "several values",
            filtered(("Runtime", ["swift", "python"])),
            ("abde", "4 of 5 functions have Runtime=swift or python; ALL takes 4.")
        ),
        Row(
            "several filters",
            filtered(("Runtime", ["python"]), ("Layers.Arn", ["l2"])),
            ("d", "2 of 5 functions have Runtime=python; 1 of them has Layers.Arn=l2; ALL takes 1.")
        ),
        Row(
            "several filters on one path",
            filtered(("Layers.Arn", ["l1"]), ("Layers.Arn", ["l2"])),
            ("c", "1 of 5 functions has Layers.Arn=l1; 1 of them has Layers.Arn=l2; ALL takes 1.")
        ),
        Row(
            "any of several found",
            filtered(("Vpc.Subnets", ["s2"])),
            ("a", "1 of 5 functions has Vpc.Subnets=s2; ALL takes 1.")
        ),
        Row(
            "a number",
            filtered(("MemorySize", ["128"])),
            ("e", "1 of 5 functions has MemorySize=128; ALL takes 1.")
        ),
        Row(
            "a fraction",
            filtered(("Ratio", ["0.5"])),
            ("b", "1 of 5 functions has Ratio=0.5; ALL takes 1.")
        ),
        Row("a truth", filtered(("Snap", ["true"])), ("c", "1 of 5 functions has Snap=true; ALL takes 1.")),
        Row("null", filtered(("Gone", ["null", ""])), ("", "0 of 5 functions have Gone=null or .")),
        Row("half a way", filtered(("Vpc", ["s1"])), ("", "0 of 5 functions have Vpc=s1.")),
        Row(
            "too long a way",
            filtered(("Runtime.Name", ["swift"])),
            ("", "0 of 5 functions have Runtime.Name=swift.")
        ),
        Row(
            "a dot too many",
            filtered(("Runtime.", ["swift"])),
            ("", "0 of 5 functions have Runtime.=swift.")
        ),
        Row("no way", filtered(("", ["swift"])), ("", "0 of 5 functions have =swift.")),
        Row(
            "a parameter that is an attribute",
            target { $0.parameters = [.init("cluster", "main")] },
            ("d", "1 of 5 functions has parameter cluster=main; ALL takes 1.")
        ),
        Row(
            "a parameter nobody has",
            target { $0.parameters = [.init("service", "web")] },
            ("", "0 of 5 functions have parameter service=web.")
        ),
        Row(
            "a qualifier, which chooses nothing",
            target { $0.parameters = [.init("functionQualifier", "live")] },
            ("abcde", "5 functions are known; ALL takes 5.")
        ),
        Row(
            "named ones",
            target { $0.resourceARNs = [Stage.arn("d"), Stage.arn("b")] },
            ("bd", "2 functions are named; ALL takes 2.")
        ),
        Row(
            "more than there are",
            target { $0.selection = .count(9) },
            ("abcde", "5 functions are known; COUNT(9) takes 5.")
        ),
        Row(
            "none of them",
            target { $0.selection = .count(0) },
            ("", "5 functions are known; COUNT(0) takes 0.")
        ),
        Row(
            "less than none",
            target { $0.selection = .count(-1) },
            ("", "5 functions are known; COUNT(-1) takes 0.")
        ),
        Row(
            "less than one",
            target { $0.selection = .percent(19) },
            ("", "5 functions are known; PERCENT(19) takes 0.")
        ),
        Row(
            "all of them",
            target { $0.selection = .percent(100) },
            ("abcde", "5 functions are known; PERCENT(100) takes 5.")
        ),
        Row(
            "more than all",
            target { $0.selection = .percent(.max) },
            ("abcde", "5 functions are known; PERCENT(\(Int.max)) takes 5.")
        ),
        Row(
            "chosen at random",
            target { $0.selection = .count(2) },
            ("ab", "5 functions are known; COUNT(2) takes 2.")
        ),
    ]

    @Test(arguments: searches) func `what fits is found, and how it was found is told`(
        _ row: Row<TemplateTarget, (String, String)>
    ) throws {
        let (names, explanation) = row.output
        let found = try TargetResolution.resolve(
            target: row.input,
            candidates: Self.functions,
            seed: 7,
            quota: 100
        )
        #expect(found.arns == names.map { Stage.arn(String($0)) })
        #expect(found.explanation == explanation)
        #expect(found.name == "T" && found.resourceType == row.input.resourceType && found.seed == 7)
    }

    @Test func `one of one is told in the singular`() throws {
        let one = [Self.function("a", [Tag("env", "prod")])]
        let found = try TargetResolution.resolve(
            target: Self.target { _ in },
            candidates: one + one,
            seed: 0,
            quota: 1
        )
        #expect(found.explanation == "1 function is known; ALL takes 1.")
    }

    private static let refusals: [Row<TemplateTarget, ResolutionFailure>] = [
        Row(
            "a name that is missing",
            target { $0.resourceARNs = [Stage.arn("a"), Stage.arn("x")] },
            ResolutionFailure(
                target: "T",
                code: .invalidTarget,
                reason:
                    "Target T names a resource that is not known as aws:lambda:function: \(Stage.arn("x"))"
            )
        ),
        Row(
            "names of which two are missing, one of them of another type",
            target { $0.resourceARNs = [Stage.arn("x"), Stage.arn("a"), "arn:aws:ecs:x:y:task/1"] },
            ResolutionFailure(
                target: "T",
                code: .invalidTarget,
                reason:
                    "Target T names 2 resources that are not known as aws:lambda:function: \(Stage.arn("x")), "
                    + "arn:aws:ecs:x:y:task/1"
            )
        ),
        Row(
            "too many",
            target { $0.resourceTags = [] },
            ResolutionFailure(
                target: "T",
                code: .quotaExceeded,
                reason: "Target T resolved to 5 functions; at most 4 are allowed."
            )
        ),
    ]

    @Test(arguments: refusals) func `what cannot be resolved is refused`(
        _ row: Row<TemplateTarget, ResolutionFailure>
    ) {
        #expect(throws: row.output) {
            try TargetResolution.resolve(target: row.input, candidates: Self.functions, seed: 7, quota: 4)
        }
    }

    @Test func `the quota is of what is taken, not of what was found`() throws {
        let target = Self.target { $0.selection = .count(4) }
        let found = try TargetResolution.resolve(
            target: target,
            candidates: Self.functions,
            seed: 7,
            quota: 4
        )
        #expect(found.arns.count == 4)
    }

    private static let shares: [Row<(Int, Int), Int>] = [
        Row("five at 50", (5, 50), 2), Row("four at 5", (4, 5), 0), Row("one at 50", (1, 50), 0),
        Row("three at 100", (3, 100), 3), Row("150 at 33", (150, 33), 49), Row("199 at 99", (199, 99), 197),
        Row("none at 100", (0, 100), 0),
    ]

    @Test(arguments: shares) func `a percentage is rounded down`(_ row: Row<(Int, Int), Int>) throws {
        let (population, percent) = row.input
        let candidates = (0..<population).map { Self.function("f\($0)") }
        let target = Self.target { $0.selection = .percent(percent) }
        let found = try TargetResolution.resolve(
            target: target,
            candidates: candidates,
            seed: 1,
            quota: 1_000
        )
        #expect(found.arns.count == row.output)
    }
}

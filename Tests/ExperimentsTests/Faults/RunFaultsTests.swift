import Base
import Experiments
import Testing

@Suite struct RunFaultsTests {
    private static let other = TemplateTarget(
        name: "Other",
        resourceType: "aws:lambda:function",
        resourceTags: [Tag("a", "b")]
    )

    private static func qualified(_ name: String, _ functions: [String], _ qualifier: String?) -> TargetResult
    {
        .resolved(
            ResolvedTarget(
                name: name,
                resourceType: "aws:lambda:function",
                arns: functions.map(Stage.arn),
                parameters: qualifier.map { [.init("functionQualifier", $0)] } ?? []
            )
        )
    }

    @Test func `a resource has the faults of the actions that run on it, for as long as they run`() throws {
        var stage = Stage(
            [
                Stage.fault("A", 60), Stage.wait("B", 60), Stage.fault("C", 30, target: "Other"),
                Stage.fault("D", 30, after: ["C"], target: "Other"),
                Stage.fault("E", 60, parameters: [.init("invocationPercentage", "0")]),
            ],
            targets: [Stage.functions, Self.other]
        )
        stage.look(0)
        #expect(stage.run.faults(on: Stage.arn("checkout")) == [])
        let found = [
            Self.qualified("Functions", ["checkout"], nil),
            Self.qualified("Other", ["cart", "checkout"], "live"),
        ]
        try stage.resolve(found)
        let ids = { (name: String, run: Run) in
            run.faults(on: Stage.arn(name)).map { "\($0.id) \($0.qualifier ?? "all")" }
        }
        #expect(ids("checkout", stage.run) == ["EXP1/A all", "EXP1/C live"])
        #expect(ids("cart", stage.run) == ["EXP1/C live"] && ids("nobody", stage.run) == [])
        stage.look(31)
        #expect(ids("cart", stage.run) == ["EXP1/D live"])
        let fault = try #require(stage.run.faults(on: Stage.arn("cart")).first)
        #expect(fault.notBefore == Stage.second(30) && fault.notAfter == Stage.second(60))
        stage.stop(.user, 40)
        #expect(ids("checkout", stage.run) == [])
    }

    @Test func `an action that means a function twice means all that either means`() throws {
        var action = Stage.fault("A", 60)
        action.targets.append(.init("More", "Other"))
        var stage = Stage([action], targets: [Stage.functions, Self.other])
        stage.look(0)
        try stage.resolve([
            Self.qualified("Functions", ["b", "a"], "live"), Self.qualified("Other", ["c", "a"], nil),
        ])
        #expect(
            stage.run.arns(of: "A") == ["a", "b", "c"].map(Stage.arn) && stage.run.arns(of: "Nobody") == []
        )
        #expect(
            ["a", "b", "c"].map { stage.run.faults(on: Stage.arn($0)).first?.qualifier } == [
                nil, "live", nil,
            ]
        )
        let faults = stage.run.faults(of: "A")
        #expect(faults.map(\.target) == ["a", "b", "c"].map(Stage.arn))
        #expect(faults.map(\.fault.qualifier) == [nil, "live", nil])
        #expect(stage.run.faults(of: "Nobody").isEmpty)
    }
}

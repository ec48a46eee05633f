import Base
import Experiments
import Testing

/// What a template may say of others on its targets.
@Suite struct OverlapOptionsTests {
    private static func options(_ policy: JSON?, _ timeout: JSON? = nil) -> [Draft.Change] {
        var members: [JSON.Member] = []
        if let policy { members.append(.init("overlapPolicy", policy)) }
        if let timeout { members.append(.init("queueTimeout", timeout)) }
        return [.set("experimentOptions", .object(members))]
    }

    private static let duration = "an ISO 8601 duration from PT1S to PT12H"

    private static let rows: [Case<[Draft.Change], [String]>] = [
        Case("allow", options("allow"), []),
        Case("refuse", options("refuse"), []),
        Case("queue", options("queue"), []),
        Case("the shortest wait", options("queue", "PT1S"), []),
        Case("the longest wait", options("queue", "PT12H"), []),
        Case("nothing is nothing", options(.null, .null), []),
        Case(
            "another policy",
            options("wait"),
            [#"experimentOptions.overlapPolicy is "wait": allow, refuse or queue is accepted"#]
        ),
        Case(
            "no text",
            options(true),
            ["experimentOptions.overlapPolicy is a boolean: allow, refuse or queue is accepted"]
        ),
        Case(
            "a wait where nobody waits",
            options("refuse", "PT1M"),
            [
                "experimentOptions.queueTimeout is given without overlapPolicy queue: only with that is it accepted"
            ]
        ),
        Case(
            "a wait without a policy",
            options(nil, "PT1M"),
            [
                "experimentOptions.queueTimeout is given without overlapPolicy queue: only with that is it accepted"
            ]
        ),
        Case(
            "a wait that is too short",
            options("queue", "PT0.9S"),
            ["experimentOptions.queueTimeout is \"PT0.9S\": \(duration) is accepted"]
        ),
        Case(
            "a wait that is too long",
            options("queue", "PT12H1S"),
            ["experimentOptions.queueTimeout is \"PT12H1S\": \(duration) is accepted"]
        ),
    ]

    @Test(arguments: rows) func `is held to this`(_ row: Case<[Draft.Change], [String]>) throws {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    @Test func `is shown where it was given, and nowhere else`() throws {
        let plain = try Draft.small.template()
        #expect(
            plain.json["experimentOptions"]?.members?.map(\.name) == [
                "accountTargeting", "emptyTargetResolutionMode",
            ]
        )
        let queued = try Draft.small.with(Self.options("queue", "PT60S")).template()
        #expect(queued.json["experimentOptions"]?["overlapPolicy"] == "queue")
        #expect(queued.json["experimentOptions"]?["queueTimeout"] == "PT60S", "as it was written")
    }

    @Test func `an update keeps how long to wait as long as there is waiting`() throws {
        let template = try Draft.small.with(Self.options("queue", "PT1M")).template()
        func updated(_ options: JSON) throws -> ExperimentOptions {
            try template.updated(by: ["experimentOptions": options]).options
        }
        #expect(try updated(["emptyTargetResolutionMode": "skip"]).queueTimeout == "PT1M")
        #expect(try updated(["overlapPolicy": "queue"]).queueTimeout == "PT1M")
        #expect(try updated(["queueTimeout": "PT2M"]).queueTimeout == "PT2M")
        let refusing = try updated(["overlapPolicy": "refuse"])
        #expect(refusing.overlapPolicy == .refuse && refusing.queueTimeout == nil)
        #expect(throws: TemplateProblems.self) {
            try updated(["overlapPolicy": "refuse", "queueTimeout": "PT2M"])
        }
    }
}

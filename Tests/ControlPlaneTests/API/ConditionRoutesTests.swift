import Base
import TestSupport
import Testing

@testable import ControlPlane

/// How conditions stand before a run depends on them.
@Suite(.timeLimit(.minutes(10))) struct ConditionRoutesTests {
    private static let path = "/v1/stop-conditions/check"

    private static func condition(_ source: String, _ value: String) -> JSON {
        ["source": .string(source), "value": .string(value + String(repeating: " ", count: 20))]
    }

    /// A Prometheus that finds something, and one for telemetry that says what it was asked about.
    private static var sources: ConditionSources {
        .scripted(
            prometheus: ScriptedSource.saying(.breached, "1 element, {job=\"a\"} 0"),
            http: ScriptedSource { _, _, _ in },
            alarms: ScriptedSource.saying(.clear, "OK"),
            telemetry: ScriptedSource { inquiries, _, answer in
                for inquiry in inquiries {
                    let targets = inquiry.scope?.targets.joined(separator: " ") ?? ""
                    answer(
                        inquiry,
                        Reading(.breached, targets, threshold: "> 0.2", latency: .milliseconds(4))
                    )
                }
            }
        )
    }

    private static func told(_ answer: Answer) -> [String] {
        (answer.json?["conditions"]?.elements ?? []).map {
            "\($0["source"]?.text ?? "") \($0["verdict"]?.text ?? ""): \($0["reading"]?.text ?? "")"
        }
    }

    @Test func `each condition has its reading, in the order in which they were asked`() async throws {
        try await withPlane(sources: Self.sources) { plane in
            let answer = try plane.ask(
                "POST",
                Self.path,
                [
                    "stopConditions": [
                        Self.condition("prometheus", "up == 0"),
                        Self.condition("alarm", "alarm:errors max-age 60s"),
                        Self.condition("telemetry", "telemetry: errorRate > 0.2"),
                        Self.condition("telemetry", "telemetry: errorRate of \(Sample.arn) > 0.2"),
                        Self.condition("prometheus", "up == 0"),
                    ],
                    "targets": ["other"],
                ]
            )
            let other = "arn:aws:lambda:us-east-1:000000000000:function:other"
            #expect(
                Self.told(answer) == [
                    "prometheus breached: 1 element, {job=\"a\"} 0", "alarm clear: OK",
                    "telemetry breached: \(other)", "telemetry breached: \(Sample.arn)",
                    "prometheus breached: 1 element, {job=\"a\"} 0",
                ]
            )
            let third = answer.json?["conditions"]?[2]
            #expect(third?["value"] == "telemetry: errorRate > 0.2" && third?["threshold"] == "> 0.2")
            #expect(third?["latencySeconds"] == .number(0.004))
            let none = try plane.ask("POST", Self.path, ["stopConditions": [["source": "none"]]])
            #expect(none.json == ["conditions": []])
        }
    }

    @Test func `what nobody answers is unreadable in time, and so is what depends on a run`() async throws {
        try await withPlane(sources: Self.sources) { plane in
            let answer = try plane.ask(
                "POST",
                Self.path,
                [
                    "stopConditions": [
                        Self.condition("http", "http://127.0.0.1/health"),
                        Self.condition("telemetry", "telemetry: errorRate > 0.2"),
                    ]
                ]
            )
            #expect(
                Self.told(answer) == [
                    "http unreadable: no answer within 2.5 s",
                    "telemetry unreadable: it is about targets that are not known before a run",
                ]
            )
        }
    }

    @Test func `what is wrong is said as of a template, all of it`() async throws {
        try await withPlane(sources: Self.sources) { plane in
            let answer = try plane.ask(
                "POST",
                Self.path,
                [
                    "stopConditions": [
                        Self.condition("alarm", "alarm:errors max-age 5"),
                        Self.condition("telemetry", "telemetry: errorRate of Checkout > 0.2"),
                    ],
                    "targets": ["a b"], "x": 1,
                ]
            )
            let told =
                "targets[0] is \"a b\": a list of at most 100 ARNs or names of functions is accepted; "
                + "stopConditions[0].value, character 22, at \"5\": expected a length of time from 1s to 7d "
                + "behind max-age, such as 60s or 5m, found \"5\"; "
                + "stopConditions[1].value is about \"Checkout\": "
                + "the name of a target of the template or the ARN of one is accepted; "
                + "x is not known: stopConditions is accepted."
            #expect(answer.failure == .init(400, "ValidationException", told))
            let missing = try plane.ask("POST", Self.path, [:])
            #expect(missing.message == "stopConditions is missing: a list is accepted.")
        }
    }

    @Test func `alarms are those of the account that asks`() async throws {
        try await withPlane { plane in
            let theirs = try plane.key(.editor, account: try plane.account("222222222222"))
            #expect(try plane.ask("PUT", "/v1/alarms/errors", ["state": "ALARM"]).status == 200)
            let body: JSON = ["stopConditions": [Self.condition("alarm", "alarm:errors")]]
            #expect(Self.told(try plane.ask("POST", Self.path, body)) == ["alarm breached: ALARM"])
            #expect(
                Self.told(try plane.ask(Ask("POST", Self.path, as: theirs.bearer, body)))
                    == ["alarm unreadable: there is no alarm \"errors\""]
            )
        }
    }

    @Test func `whoever writes a template is told of conditions that are bad, and never refused for it`()
        async throws
    {
        try await withPlane(sources: Self.sources) { plane in
            let conditions: JSON = [
                Self.condition("alarm", "alarm:errors"), Self.condition("prometheus", "up == 0"),
                Self.condition("http", "http://127.0.0.1/health"),
                Self.condition("telemetry", "telemetry: errorRate > 0.2"),
            ]
            let made = try plane.ask(
                "POST",
                "/experimentTemplates",
                Sample.delay([.init("stopConditions", conditions)])
            )
            #expect(
                made.json?["warnings"] == [
                    "stopConditions[1] is breached already: 1 element, {job=\"a\"} 0.",
                    "stopConditions[2] cannot be read now: no answer within 1 s.",
                    .string("stopConditions[3] is breached already: \(Sample.arn), which is > 0.2."),
                ]
            )
            let id = try #require(made.json?["experimentTemplate"]?["id"]?.text)
            #expect(try plane.ask("GET", "/experimentTemplates/\(id)").json?["warnings"] == nil)
            let fine: JSON = ["stopConditions": [Self.condition("alarm", "alarm:errors")]]
            let changed = try plane.ask("PATCH", "/experimentTemplates/\(id)", fine)
            #expect(changed.status == 200 && changed.json?["warnings"] == nil)
            let bad: JSON = ["stopConditions": [Self.condition("prometheus", "up == 0")]]
            let again = try plane.ask("PATCH", "/experimentTemplates/\(id)", bad)
            #expect(
                again.json?["warnings"] == [
                    "stopConditions[0] is breached already: 1 element, {job=\"a\"} 0."
                ]
            )
        }
    }
}

import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/v1/templates/{templateId}/hypothesis`, and what templates and runs show of it.
@Suite(.timeLimit(.minutes(10))) struct HypothesisRoutesTests {
    private static let hypothesis: JSON = [
        "title": "The checkout answers",
        "probes": [
            [
                "name": "queue", "source": "http", "value": "http://shop.example/q",
                "tolerance": ["min": 0, "max": .number(12.5)], "pointer": "/length",
            ],
            [
                "name": "is up", "source": "prometheus", "value": "up == 0", "requires": "up", "for": "10s",
                "breaches": 2, "of": 3,
            ],
        ],
        "recoveryTimeout": "PT2M",
    ]

    private static func path(_ template: String) -> String { "/v1/templates/\(template)/hypothesis" }

    @Test func `it is put, shown, replaced and taken away`() async throws {
        try await withPlane { plane in
            let id = try plane.template()
            let none = Answer.Failure(
                404,
                "ResourceNotFoundException",
                "The experiment template \(id) has no steady-state hypothesis."
            )
            #expect(try plane.ask("GET", Self.path(id)).failure == none)
            #expect(try plane.ask("DELETE", Self.path(id)).failure == none)

            let put = try plane.ask("PUT", Self.path(id), Self.hypothesis)
            #expect(put.status == 200 && put.json == ["steadyStateHypothesis": Self.hypothesis])
            #expect(try plane.ask("GET", Self.path(id)).text == put.text)
            let shown = try plane.ask("GET", "/experimentTemplates/\(id)").json?["experimentTemplate"]
            #expect(shown?["steadyStateHypothesis"] == Self.hypothesis && shown?["description"] == "a drill")

            let other: JSON = ["probes": [["name": "up", "source": "prometheus", "value": "up == 0"]]]
            #expect(try plane.ask("PUT", Self.path(id), other).json?["steadyStateHypothesis"] == other)
            let described = try plane.ask("PATCH", "/experimentTemplates/\(id)", ["description": "another"])
            #expect(described.json?["experimentTemplate"]?["steadyStateHypothesis"] == other)

            #expect(try plane.ask("DELETE", Self.path(id)).json?["steadyStateHypothesis"] == other)
            #expect(try plane.ask("GET", Self.path(id)).failure == none)
            let bare = try plane.ask("GET", "/experimentTemplates/\(id)").json?["experimentTemplate"]
            #expect(bare?["steadyStateHypothesis"] == nil && bare?["description"] == "another")
            let unknown = try plane.ask("PUT", Self.path("EXTnone"), other)
            #expect(
                unknown.failure
                    == .init(
                        404,
                        "ResourceNotFoundException",
                        "There is no experiment template EXTnone in this account."
                    )
            )
        }
    }

    @Test func `a template may be made with it, and an update takes it away`() async throws {
        try await withPlane { plane in
            let id = try plane.template(
                Sample.template([.init("steadyStateHypothesis", Self.hypothesis)])
            )
            #expect(try plane.ask("GET", Self.path(id)).json?["steadyStateHypothesis"] == Self.hypothesis)
            let path = "/experimentTemplates/\(id)"
            let updated = try plane.ask("PATCH", path, ["steadyStateHypothesis": [:]])
            #expect(updated.status == 200)
            #expect(updated.json?["experimentTemplate"]?["steadyStateHypothesis"] == nil)
        }
    }

    @Test func `all that is wrong with it is told, by its members`() async throws {
        try await withPlane { plane in
            let id = try plane.template()
            let wrong: JSON = [
                "probes": [
                    ["name": "a", "source": "telemetry", "value": "telemetry: errorRate is 5"],
                    ["name": "a", "source": "alarm", "value": "alarm:x", "tolerance": ["max": 1]],
                ],
                "recoveryTimeout": "5 minutes",
            ]
            #expect(
                try plane.ask("PUT", Self.path(id), wrong).failure
                    == .init(
                        400,
                        "ValidationException",
                        "probes[0].value, character 22, at \"is 5\": expected a comparison such as > or <=, found \"is\"; "
                            + "probes[1].tolerance is given: an alarm has a state and no number; "
                            + "probes[1].name is \"a\", which is there already; "
                            + "recoveryTimeout is \"5 minutes\": an ISO 8601 duration from PT1S to PT1H is accepted."
                    )
            )
            let refused = try plane.ask(
                "POST",
                "/experimentTemplates",
                Sample.template([.init("steadyStateHypothesis", ["probes": []])])
            )
            #expect(
                refused.failure
                    == .init(
                        400,
                        "ValidationException",
                        "steadyStateHypothesis.probes is empty: 1 to 20 are accepted."
                    )
            )
            #expect(try plane.ask("PUT", Self.path(id), []).failure?.status == 400)
        }
    }

    @Test func `what is written down once is told once in the audit`() async throws {
        try await withPlane { plane in
            let id = try plane.template()
            for body in [Self.hypothesis, Self.hypothesis] {
                #expect(try plane.ask("PUT", Self.path(id), body).status == 200)
            }
            #expect(try plane.ask("DELETE", Self.path(id)).status == 200)
            let events = try plane.ask("GET", "/v1/audit?maxResults=10").json?["events"]?.elements ?? []
            let told = events.filter { $0["subject"]?.text == id }.compactMap { $0["action"]?.text }
            #expect(told == ["template.updated", "template.updated", "template.updated", "template.created"])
        }
    }

    @Test func `a run shows its template's, and what it has shown of it`() async throws {
        try await withPlane(sources: .scripted(prometheus: ScriptedSource.saying(.clear, "no element"))) {
            plane in
            let hypothesis: JSON = [
                "probes": [["name": "is up", "source": "prometheus", "value": "up == 0"]]
            ]
            let template = try plane.template(
                Sample.template([
                    .init(
                        "actions",
                        ["Pause": ["actionId": "aws:fis:wait", "parameters": ["duration": "PT10M"]]]
                    ), .init("steadyStateHypothesis", hypothesis),
                ])
            )
            let id = try plane.start(template)
            try await plane.wait(for: "running", of: id)
            let run = try #require(try plane.experiment(id))
            #expect(run["steadyStateHypothesis"] == hypothesis)
            #expect(run["steadyState"] == ["verdict": .null, "deviations": [], "recoverySeconds": .null])
            // It is the run's own: what becomes of the template changes nothing.
            #expect(try plane.ask("DELETE", Self.path(template)).status == 200)
            #expect(try plane.experiment(id)?["steadyStateHypothesis"] == hypothesis)
            let plain = try plane.start(try plane.template())
            #expect(try plane.experiment(plain)?["steadyState"] == nil)
        }
    }
}

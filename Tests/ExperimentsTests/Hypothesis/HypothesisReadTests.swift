import Base
import Experiments
import Testing

/// What a hypothesis is held to, in a template and on its own.
@Suite struct HypothesisReadTests {
    private static let up: JSON = ["name": "up", "source": "prometheus", "value": "up == 0"]

    private static func probe(_ members: JSON) -> [Draft.Change] {
        [.set("steadyStateHypothesis", ["probes": [members]])]
    }

    private static func probe(_ source: String, _ value: String, _ members: JSON = [:]) -> [Draft.Change] {
        let probe: JSON = ["name": "p", "source": .string(source), "value": .string(value)]
        return Self.probe(.object((probe.members ?? []) + (members.members ?? [])))
    }

    private static let accepted: [Case<[Draft.Change], Void>] = [
        Case("an alarm of CloudWatch", probe("aws:cloudwatch:alarm", Draft.alarm), ()),
        Case("a short value", probe("prometheus", "up"), ()),
        Case("a value inside", probe("prometheus", "up", ["tolerance": ["min": 1]]), ()),
        Case("a URL", probe("http", "http://shop.example/healthz"), ()),
        Case(
            "a number of an answer",
            probe(
                "http",
                "http://shop.example/q",
                ["pointer": "/a~1b/~0", "tolerance": ["max": .number(2.5)]]
            ),
            ()
        ),
        Case(
            "the whole of an answer",
            probe("http", "http://shop.example/q", ["pointer": "", "tolerance": ["min": 3, "max": 3]]),
            ()
        ),
        Case("an alarm", probe("alarm", "alarm:errors", ["for": "1m"]), ()),
        Case("telemetry with a comparison", probe("telemetry", "telemetry: errorRate > 5%"), ()),
        Case(
            "telemetry with a tolerance",
            probe("telemetry", "telemetry: p99 of Checkout over 1m", ["tolerance": ["max": 800]]),
            ()
        ),
        Case("a name with spaces", probe(["name": "it is up", "source": "prometheus", "value": "up"]), ()),
        Case(
            "as many as may be, and the longest recovery",
            [
                .set(
                    "steadyStateHypothesis",
                    [
                        "title": .string(long(512)), "recoveryTimeout": "PT1H",
                        "probes": .array(
                            (0..<20).map {
                                ["name": .string("p\($0)"), "source": "prometheus", "value": "up == 0"]
                            }
                        ),
                    ]
                )
            ],
            ()
        ),
        Case(
            "the shortest recovery",
            [.set("steadyStateHypothesis", ["probes": [up], "recoveryTimeout": "PT1S"])],
            ()
        ),
    ]

    @Test(arguments: accepted) func `accepts`(_ row: Case<[Draft.Change], Void>) {
        #expect(Draft.small.with(row.input).problems() == [])
    }

    private static let place = "steadyStateHypothesis.probes[0]"
    private static let sources = "aws:cloudwatch:alarm, prometheus, http, alarm or telemetry is accepted"

    private static let refused: [Case<[Draft.Change], [String]>] = [
        Case(
            "nothing",
            [.set("steadyStateHypothesis", [:])],
            ["steadyStateHypothesis.probes is missing: a list is accepted"]
        ),
        Case(
            "what is no object",
            [.set("steadyStateHypothesis", "up")],
            ["steadyStateHypothesis is a string: an object is accepted"]
        ),
        Case(
            "no probes",
            [.set("steadyStateHypothesis", ["probes": []])],
            ["steadyStateHypothesis.probes is empty: 1 to 20 are accepted"]
        ),
        Case(
            "too many probes",
            [.set("steadyStateHypothesis", ["probes": .array((0..<21).map { _ in up })])],
            ["steadyStateHypothesis.probes has 21 entries: at most 20 are accepted"]
        ),
        Case(
            "a probe without anything",
            probe([:]),
            [
                "\(place).name is missing: a name of 1 to 64 characters is accepted",
                "\(place).source is missing: \(sources)",
                "\(place).value is missing: a text of 1 to 2048 characters is accepted",
            ]
        ),
        Case(
            "a name twice",
            [.set("steadyStateHypothesis", ["probes": [up, up]])],
            [#"steadyStateHypothesis.probes[1].name is "up", which is there already"#]
        ),
        Case("nothing to watch", probe("none", "x"), [#"\#(place).source is "none": \#(sources)"#]),
        Case(
            "a source that there is not",
            probe("graphite", "x"),
            [#"\#(place).source is "graphite": \#(sources)"#]
        ),
        Case(
            "recovery for too long, and members that are not known",
            [
                .set(
                    "steadyStateHypothesis",
                    ["probes": [up], "recoveryTimeout": "PT61M", "method": [], "title": ""]
                )
            ],
            [
                #"steadyStateHypothesis.title is "": a text of 1 to 512 characters is accepted"#,
                #"steadyStateHypothesis.recoveryTimeout is "PT61M": an ISO 8601 duration from PT1S to PT1H is accepted"#,
                "steadyStateHypothesis.method is not known: title, probes or recoveryTimeout is accepted",
            ]
        ),
        Case(
            "a tolerance of nothing",
            probe("prometheus", "up", ["tolerance": [:]]),
            ["\(place).tolerance is empty: min, max or both are accepted"]
        ),
        Case(
            "a tolerance upside down",
            probe("prometheus", "up", ["tolerance": ["min": 2, "max": 1]]),
            ["\(place).tolerance.min is 2.0, which is more than max: at most 1.0 is accepted"]
        ),
        Case(
            "a tolerance that is no number",
            probe("prometheus", "up", ["tolerance": ["min": "0"]]),
            ["\(place).tolerance.min is a string: a number is accepted"]
        ),
        Case(
            "a tolerance of what has no number",
            probe("alarm", "alarm:errors", ["tolerance": ["max": 1]]),
            ["\(place).tolerance is given: an alarm has a state and no number"]
        ),
        Case(
            "a tolerance of an answer without a place in it",
            probe("http", "http://shop.example/q", ["tolerance": ["max": 1]]),
            [
                "\(place).pointer is missing: a JSON pointer to the number that the tolerance is for is accepted"
            ]
        ),
        Case(
            "a place in an answer without a tolerance",
            probe("http", "http://shop.example/q", ["pointer": "/a"]),
            ["\(place).pointer is given without a tolerance: only with that is it accepted"]
        ),
        Case(
            "a place in an answer that is none",
            probe("http", "http://shop.example/q", ["pointer": "/a~2", "tolerance": ["max": 1]]),
            [#"\#(place).pointer is "/a~2": a JSON pointer such as /queue/length is accepted"#]
        ),
        Case(
            "a place in what is no answer",
            probe("prometheus", "up", ["pointer": "/a"]),
            ["\(place).pointer is given: only the source http has it"]
        ),
        Case(
            "telemetry with neither",
            probe("telemetry", "telemetry: errorRate"),
            [
                "\(place).value, character 21, at the end: expected a comparison such as > or <=, found the end"
            ]
        ),
        Case(
            "telemetry with both",
            probe("telemetry", "telemetry: errorRate > 1%", ["tolerance": ["max": .number(0.01)]]),
            ["\(place).tolerance is given beside the comparison of value: one of them is accepted"]
        ),
        Case(
            "telemetry of a target that the template has not",
            probe("telemetry", "telemetry: errors of Shop > 1"),
            [
                #"\#(place).value is about "Shop": the name of a target of the template or the ARN of one is accepted"#
            ]
        ),
        Case(
            "counts that do not fit",
            probe("prometheus", "up", ["breaches": 3, "of": 2, "for": "2h"]),
            [
                #"\#(place).for is "2h": a time from 1s to 1h, such as 30s or PT30S, is accepted"#,
                "\(place).breaches is 3 of 2: no more than of, the number of readings, is accepted",
            ]
        ),
    ]

    @Test(arguments: refused) func `refuses`(_ row: Case<[Draft.Change], [String]>) {
        #expect(Draft.small.with(row.input).problems() == row.output)
    }

    @Test func `on its own it is held to the same, and paths begin with it`() throws {
        let template = try Draft.small.template()
        let written = try #require(Draft.full.json["steadyStateHypothesis"])
        let hypothesis = try Hypothesis.read(written, for: template)
        let full = try Draft.full.template()
        #expect(hypothesis == full.hypothesis)
        #expect(hypothesis.json == written)
        let wrong: JSON = [
            "probes": [["name": "p", "source": "telemetry", "value": "telemetry: errors of Shop > 1"]],
            "x": 1,
        ]
        let error = #expect(throws: TemplateProblems.self) { try Hypothesis.read(wrong, for: template) }
        #expect(
            error?.problems.map(\.message) == [
                #"probes[0].value is about "Shop": the name of a target of the template or the ARN of one is accepted"#,
                "x is not known: title, probes or recoveryTimeout is accepted",
            ]
        )
        let none = #expect(throws: TemplateProblems.self) { try Hypothesis.read([], for: template) }
        #expect(none?.description == "The hypothesis is an array: an object is accepted.")
    }

    @Test func `its probes are understood`() throws {
        let conditions: [Condition] = try Draft.full.template().probes()
        #expect(conditions.map(\.name) == ["queue length", "errors", "is up"])
        var queue = HTTPQuestion(url: "http://shop.example/queue")
        (queue.pointer, queue.tolerance) = ("/queue/length", Tolerance(min: 0, max: 12.5))
        #expect(
            conditions.map(\.question) == [
                .http(queue),
                .telemetry(
                    TelemetryQuestion(
                        metric: .errorRate,
                        targets: [Draft.function],
                        tolerance: Tolerance(max: 1)
                    )
                ),
                .prometheus(PrometheusQuestion(expression: "up == 0", requires: "up")),
            ]
        )
        #expect(
            conditions.map(\.persistence) == [
                Persistence(), Persistence(breaches: 2, of: 3), Persistence(hold: .seconds(10)),
            ]
        )
        #expect(try Draft.small.template().probes() == [])
        #expect(try Draft.full.template().hypothesis?.recoveryTime == .seconds(120))
        #expect(Hypothesis(probes: []).recoveryTime == .seconds(300))
    }

    @Test func `what another version wrote is read, and what of it is not understood is told`() throws {
        let template = try ExperimentTemplate(stored: Draft.small.with(Self.probe("graphite", "x")).json)
        let error = #expect(throws: ConditionProblem.self) { try template.probes() }
        #expect(error?.message == #"\#(Self.place).source is "graphite", which this version does not know"#)
    }

    @Test func `an update replaces it, keeps it, or takes it away`() throws {
        let template = try Draft.full.template()
        #expect(try template.updated(by: ["description": "b"]).hypothesis == template.hypothesis)
        #expect(try template.updated(by: ["steadyStateHypothesis": [:]]).hypothesis == nil)
        let other = try template.updated(by: ["steadyStateHypothesis": ["probes": [Self.up]]])
        #expect(
            other.hypothesis
                == Hypothesis(probes: [.init(name: "up", source: "prometheus", value: "up == 0")])
        )
    }
}

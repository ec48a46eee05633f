import Base
import TestSupport
import Testing

@testable import ControlPlane

/// What is watched for a run, and what every look at it found.
@Suite(.timeLimit(.minutes(10))) struct GuardRoutesTests {
    private static let condition: JSON = ["source": "prometheus", "value": "up == 0 or absent(up)"]

    /// Lends a node on which a guarded run goes, and its path.
    private static func lend(_ body: @escaping @Sendable (Plane, String) async throws -> Void) async throws {
        let sources = ConditionSources.scripted(
            prometheus: ScriptedSource { inquiries, _, answer in
                for inquiry in inquiries {
                    answer(inquiry, Reading(.clear, "no element", latency: .milliseconds(4)))
                }
            }
        )
        try await withPlane(sources: sources, { $0.lease = .seconds(3) }) { plane in
            try plane.function()
            let template = Sample.delay([.init("stopConditions", [condition])])
            let id = try plane.start(try plane.template(template))
            try await plane.wait(for: "running", of: id)
            try await body(plane, "/experiments/\(id)/guards")
        }
    }

    @Test func `a guard is shown with its conditions, and every look at it`() async throws {
        try await Self.lend { plane, path in
            #expect(
                try await plane.soon {
                    try plane.ask("GET", path).json?["evaluations"]?.elements?.count ?? 0 >= 3
                }
            )
            let found = try plane.ask("GET", path).json
            let shown = found?["guards"]?[0]
            #expect(found?["guards"]?.elements?.count == 1 && shown?["name"] == "stop-conditions")
            let condition = try #require(shown?["conditions"]?[0])
            let (until, read) = (shown?["guardedUntil"]?.double ?? 0, condition["readAt"]?.double ?? 0)
            #expect(read > 1_500_000_000 && until > read && until - read <= 3.1)
            #expect(
                condition.members?.filter { $0.name != "readAt" } == [
                    .init("name", "stopConditions[0]"), .init("source", "prometheus"),
                    .init("value", "up == 0 or absent(up)"), .init("verdict", "clear"),
                    .init("reading", "no element"), .init("threshold", ""),
                    .init("latencySeconds", .number(0.004)),
                    .init("breachedSince", .null), .init("unreadableSince", .null),
                ]
            )
            let looks = found?["evaluations"]?.elements ?? []
            let rounds = looks.compactMap { $0["round"]?.whole }
            #expect(rounds == rounds.sorted(by: >) && rounds.last == 1)
            #expect(looks.allSatisfy { $0["guard"] == "stop-conditions" && $0["at"]?.double != nil })
            #expect(
                looks.last?["readings"] == [
                    [
                        "condition": "stopConditions[0]", "verdict": "clear", "reading": "no element",
                        "threshold": "", "latencySeconds": .number(0.004),
                    ]
                ]
            )
        }
    }

    @Test func `looks come by pages, each once, and of one guard where that is asked for`() async throws {
        try await Self.lend { plane, path in
            func rounds(_ answer: Answer) -> [Int64] {
                (answer.json?["evaluations"]?.elements ?? []).compactMap { $0["round"]?.whole }
            }
            #expect(try await plane.soon { try rounds(plane.ask("GET", path)).count >= 4 })
            var (seen, next): ([Int64], String?) = ([], "")
            while let token = next {
                let asked = token.isEmpty ? "" : "&nextToken=\(token)"
                let page = try plane.ask("GET", "\(path)?maxResults=2\(asked)")
                #expect(rounds(page).count <= 2 && page.json?["guards"]?.elements?.count == 1)
                seen += rounds(page)
                next = page.json?["nextToken"]?.text
            }
            let newest = try #require(seen.first)
            #expect(newest >= 4 && seen == (1...newest).reversed())
            let other = try plane.ask("GET", "\(path)?guard=hypothesis")
            #expect(other.json == ["evaluations": [], "guards": []])
            let same = try plane.ask("GET", "\(path)?guard=stop-conditions")
            #expect(!rounds(same).isEmpty && same.json?["guards"]?.elements?.count == 1)
        }
    }

    @Test func `nobody else's run is shown`() async throws {
        try await Self.lend { plane, path in
            let theirs = try plane.key(.viewer, account: try plane.account("222222222222"))
            #expect(try plane.ask(Ask("GET", path, as: theirs.bearer)).failure?.status == 404)
        }
    }
}

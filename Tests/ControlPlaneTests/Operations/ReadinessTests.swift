import Base
import Testing

@testable import ControlPlane

/// From what a node knows to what `/readyz` says.
@Suite struct ReadinessTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var beat: NodeFacts.Beat?
        var failure: String?
        /// Since the start, and since the beat.
        var seconds: Double = 0
        var database: String?
        var schema: String?
        var clock: String?

        init(
            _ name: String,
            _ beat: NodeFacts.Beat?,
            failure: String? = nil,
            after seconds: Double = 0,
            database: String? = nil,
            schema: String? = nil,
            clock: String? = nil
        ) {
            testDescription = name
            self.beat = beat
            self.failure = failure
            self.seconds = seconds
            (self.database, self.schema, self.clock) = (database, schema, clock)
        }
    }

    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    private static func beat(_ change: (inout NodeFacts.Beat) -> Void = { _ in }) -> NodeFacts.Beat {
        var beat = NodeFacts.Beat(
            at: start,
            clockAhead: .zero,
            clockRanBack: .seconds(-1),
            schemaVersion: 6,
            freshNodes: 1
        )
        change(&beat)
        return beat
    }

    static let cases: [Case] = [
        .init("a young beat", beat()),
        .init("a beat of five seconds ago", beat(), after: 5),
        .init("an older beat", beat(), after: 5.1, database: "the database last answered 5 s ago"),
        .init(
            "an older beat, and why",
            beat(),
            failure: "the database cannot be reached",
            after: 61,
            database: "the database last answered 61 s ago (the database cannot be reached)"
        ),
        .init("a failure that is young", beat(), failure: "the database cannot be reached", after: 2),
        .init(
            "no beat yet",
            nil,
            after: 3,
            database: "the database has not answered since the start, 3 s ago",
            schema: "not known before the database answers",
            clock: "not known before the database answers"
        ),
        .init(
            "no beat, and why",
            nil,
            failure: "too many requests are waiting for the database",
            after: 12,
            database: "the database has not answered since the start, 12 s ago "
                + "(too many requests are waiting for the database)",
            schema: "not known before the database answers",
            clock: "not known before the database answers"
        ),
        .init(
            "a newer schema",
            beat { $0.schemaVersion = 7 },
            schema: "the database has schema 7, and this version knows 6: "
                + "it serves no faults until it is replaced by the newer version"
        ),
        .init(
            "an older schema",
            beat { $0.schemaVersion = 5 },
            schema: "the database has schema 5, and this version needs 6"
        ),
        .init("clocks a minute apart", beat { $0.clockAhead = .seconds(60) }),
        .init(
            "a clock behind",
            beat { $0.clockAhead = .seconds(61) },
            clock: "this machine's clock is 61 s behind the database's: signed requests will be refused"
        ),
        .init(
            "a clock ahead",
            beat { $0.clockAhead = .seconds(-3_600) },
            clock: "this machine's clock is 3600 s ahead of the database's: signed requests will be refused"
        ),
        .init("a database clock a minute back", beat { $0.clockRanBack = .seconds(60) }),
        .init(
            "a database clock that ran back",
            beat { $0.clockRanBack = .seconds(7_200) },
            clock: "the database's clock is 7200 s behind its own last record: it ran back"
        ),
        .init(
            "everything at once",
            beat {
                $0.schemaVersion = 9
                $0.clockAhead = .seconds(100)
            },
            after: 30,
            database: "the database last answered 30 s ago",
            schema: "the database has schema 9, and this version knows 6: "
                + "it serves no faults until it is replaced by the newer version",
            clock: "this machine's clock is 100 s behind the database's: signed requests will be refused"
        ),
    ]

    @Test(arguments: cases) func `facts become problems`(_ each: Case) {
        var facts = NodeFacts(startedAt: Self.start, schemaVersion: 6)
        facts.beat = each.beat
        facts.failure = each.failure
        let readiness = ControlPlane.Readiness(facts, now: Self.start + .seconds(each.seconds))
        let expected: [ControlPlane.Readiness.Check] = [
            .init(name: "database", problem: each.database), .init(name: "schema", problem: each.schema),
            .init(name: "clock", problem: each.clock),
            .init(name: "history", problem: nil, isBlocking: false),
        ]
        #expect(readiness.checks == expected)
        let problems = [each.database, each.schema, each.clock]
        #expect(readiness.isReady == problems.allSatisfy { $0 == nil })
        let texts = problems.map { $0 ?? "ok" }
        #expect(
            readiness.json
                == [
                    "ready": .bool(readiness.isReady),
                    "checks": [
                        "database": .string(texts[0]), "schema": .string(texts[1]),
                        "clock": .string(texts[2]), "history": "ok",
                    ],
                ]
        )
    }
}

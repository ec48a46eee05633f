package import Base

/// Whether a node should be sent requests, and if not, what is wrong: decided from facts alone.
package struct Readiness: Equatable, Sendable {
    package struct Check: Equatable, Sendable {
        package let name: String
        /// Nil where all is well.
        package let problem: String?
        /// False where it is for the operator to see, and no reason to send requests elsewhere.
        package var isBlocking = true
    }

    /// How far two clocks may be apart before signatures and schedules start to suffer.
    package static let clockTolerance: Duration = .seconds(60)
    /// A heartbeat a second, and one may be lost.
    package static let beatAge: Duration = .seconds(5)

    package let checks: [Check]

    package var isReady: Bool { checks.allSatisfy { $0.problem == nil || !$0.isBlocking } }

    package init(_ facts: NodeFacts, now: Instant) {
        checks = [
            Check(name: "database", problem: Self.database(facts, now: now)),
            Check(name: "schema", problem: Self.schema(facts)),
            Check(name: "clock", problem: Self.clock(facts)),
            // It serves nothing, and is sure of that.
            Check(name: "history", problem: facts.beat?.wentBack, isBlocking: false),
        ]
    }

    private static func database(_ facts: NodeFacts, now: Instant) -> String? {
        let why = facts.failure.map { " (\($0))" } ?? ""
        guard let beat = facts.beat else {
            return
                "the database has not answered since the start, \(seconds(now - facts.startedAt)) ago\(why)"
        }
        let age = now - beat.at
        if age > beatAge { return "the database last answered \(seconds(age)) ago\(why)" }
        return nil
    }

    private static func schema(_ facts: NodeFacts) -> String? {
        guard let beat = facts.beat else { return "not known before the database answers" }
        if beat.schemaVersion > facts.schemaVersion {
            return
                "the database has schema \(beat.schemaVersion), and this version knows \(facts.schemaVersion): "
                + "it serves no faults until it is replaced by the newer version"
        }
        if beat.schemaVersion < facts.schemaVersion {
            return
                "the database has schema \(beat.schemaVersion), and this version needs \(facts.schemaVersion)"
        }
        return nil
    }

    private static func clock(_ facts: NodeFacts) -> String? {
        guard let beat = facts.beat else { return "not known before the database answers" }
        if beat.clockRanBack > clockTolerance {
            return
                "the database's clock is \(seconds(beat.clockRanBack)) behind its own last record: it ran back"
        }
        let apart = beat.clockAhead < .zero ? .zero - beat.clockAhead : beat.clockAhead
        if apart > clockTolerance {
            let way = beat.clockAhead > .zero ? "behind" : "ahead of"
            return
                "this machine's clock is \(seconds(apart)) \(way) the database's: signed requests will be refused"
        }
        return nil
    }

    private static func seconds(_ duration: Duration) -> String {
        "\(duration.nanoseconds / 1_000_000_000) s"
    }

    package var json: JSON {
        .object([
            .init("ready", .bool(isReady)),
            .init(
                "checks",
                .object(
                    checks.map { check in
                        .init(check.name, .string(check.problem ?? "ok"))
                    }
                )
            ),
        ])
    }
}

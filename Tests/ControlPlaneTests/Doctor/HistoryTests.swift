import Base
import Experiments
import HTTPServer
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What the doctor finds in a history that somebody has had their hands in.
@Suite(.timeLimit(.minutes(10))) struct HistoryTests {
    private static func findings(_ history: History) async throws -> [Finding] {
        var options = ServeOptions(
            listen: required(SocketAddress("127.0.0.1:0")),
            account: History.account
        )
        options.databaseURL = history.url
        let all = await Doctor(options, log: Logger(sink: NoLog())).examine()
        #expect(all.contains { $0.subject == "schema" && $0.grade == .ok })
        return all.filter { ["history", "events", "seals"].contains($0.subject) }
    }

    /// Three runs of three events and two seals over them, the second of which has the third run alone.
    private static func lend(_ body: @Sendable (History) async throws -> Void) async throws {
        try await History.lend { history in
            for number in 1...2 { try await history.run(number) }
            try await history.sealer().turn()
            try await history.run(3)
            try await history.sealer().turn()
            try await body(history)
        }
    }

    /// What is found after one deed.
    private static func found(after deeds: Tampering...) async throws -> [Finding] {
        let found = Locked<[Finding]>([])
        try await lend { history in
            for deed in deeds { #expect(try await history.database.tamper(deed) > 0) }
            let findings = try await findings(history)
            found.withLock { $0 = findings }
        }
        return found.withLock { $0 }
    }

    private static let first = History.id(1)

    @Test func `a history that nobody touched is in order`() async throws {
        try await Self.lend { history in
            let found = try await Self.findings(history)
            let counts = "9 events of 3 experiments, and 2 seals over them"
            #expect(found == [.ok("history", "\(counts): nothing was changed, left out or moved")])
        }
        try await History.lend { history in
            let found = try await Self.findings(history)
            let counts = "0 events of 0 experiments, and 0 seals over them"
            #expect(found == [.ok("history", "\(counts): nothing was changed, left out or moved")])
        }
    }

    @Test func `a history longer than a page is read to its end`() async throws {
        try await History.lend { history in
            for number in 1...(HistoryCheck.chainsAtOnce + 1) { try await history.run(number, events: 1) }
            try await history.sealer(batch: 4).turn()
            let (runs, seals) = (HistoryCheck.chainsAtOnce + 1, try await history.seals().count)
            #expect(seals > HistoryCheck.sealsAtOnce)
            #expect(
                try await Self.findings(history).map(\.text) == [
                    "\(runs) events of \(runs) experiments, and \(seals) seals over them: "
                        + "nothing was changed, left out or moved"
                ]
            )
            let last = History.id(runs)
            #expect(try await history.database.tamper(.payload(experiment: last, number: 1, "{}")) == 1)
            #expect(try await Self.findings(history).map(\.grade) == [.problem])
        }
    }

    @Test func `a run that retention has forgotten is no break`() async throws {
        let found = try await Self.found(after: .forgotten(experiment: Self.first))
        #expect(found.map(\.grade) == [.ok])
    }

    @Test(arguments: [#"{"reason":"nothing happened"}"#, #"{"a":1,"a":2}"#])
    func `a changed payload is a break at that event`(_ payload: String) async throws {
        let found = try await Self.found(after: .payload(experiment: Self.first, number: 2, payload))
        #expect(
            found == [
                .problem(
                    "events",
                    "experiment \(Self.first), event 2: its digest is not that of what it says after the event "
                        + "before it, so somebody changed one of them in the database"
                )
            ]
        )
    }

    @Test func `an event that is missing in the middle is named`() async throws {
        let found = try await Self.found(after: .lost(experiment: Self.first, number: 2))
        #expect(
            found == [
                .problem(
                    "events",
                    "experiment \(Self.first), event 2: it is missing, so somebody deleted it from the database"
                )
            ]
        )
    }

    @Test func `the last event cannot be cut off, not even with a row that fits: its seal remembers`()
        async throws
    {
        let clumsy = try await Self.found(after: .lost(experiment: Self.first, number: 3))
        #expect(
            clumsy == [
                .problem(
                    "events",
                    "experiment \(Self.first), event 3: it is missing, as its row counts 3 events, "
                        + "so somebody deleted it from the database"
                ),
                .problem(
                    "events",
                    "experiment \(Self.first), event 3: it was sealed and is missing, "
                        + "so somebody deleted it from the database"
                ),
            ]
        )
        let careful = try await Self.found(after: .cut(experiment: Self.first, number: 3))
        #expect(careful == Array(clumsy.dropFirst()))
    }

    @Test func `another event with a digest that fits is not the one that was sealed`() async throws {
        try await Self.lend { history in
            let row = try #require(try await history.row(Self.first))
            let events = try await history.database.statement { transaction throws(StoreError) in
                try transaction.eventList(of: row, after: 1, limit: 2)
            }
            let last = try #require(events.last)
            let text = String(decoding: last.payload.encoded, as: UTF8.self)
                .replacing("number 3", with: "number 4")
            let digest = EventChain.link(
                previous: try #require(events.first).digest,
                payload: Array(text.utf8)
            )
            let deed = Tampering.replaced(
                experiment: Self.first,
                number: 3,
                payload: text,
                digest: digest
            )
            #expect(try await history.database.tamper(deed) == 1)
            #expect(
                try await Self.findings(history) == [
                    .problem(
                        "events",
                        "experiment \(Self.first), event 3: it is not the one that was sealed, "
                            + "so somebody put another in its place"
                    )
                ]
            )
        }
    }

    @Test func `a row that does not fit its events is a break`() async throws {
        let head = try await Self.found(after: .head(experiment: Self.first))
        #expect(
            head == [
                .problem(
                    "events",
                    "experiment \(Self.first), event 3: it is not the one that the row calls the last, "
                        + "so somebody changed the row"
                )
            ]
        )
        let count = try await Self.found(after: .count(experiment: Self.first, 2))
        #expect(
            count == [
                .problem(
                    "events",
                    "experiment \(Self.first), event 3: its row counts only 2 events, "
                        + "so somebody added it to the database or changed the row"
                )
            ]
        )
    }

    @Test func `a deleted seal is missed, the first and the last too`() async throws {
        let first = try await Self.found(after: .seal(1))
        #expect(
            first == [
                .problem(
                    "seals",
                    "seal 1 is missing, so somebody deleted it from the database: "
                        + "what it covered is not vouched for, except by later seals"
                )
            ]
        )
        let last = try await Self.found(after: .seal(2))
        #expect(
            last == [
                .problem(
                    "seals",
                    "seal 2 is missing: experiments name it, and the last there is has number 1, "
                        + "so somebody deleted it from the database"
                )
            ]
        )
    }

    @Test func `a head changed in a seal breaks the seal`() async throws {
        let found = try await Self.found(
            after: .sealedHead(seal: 2, from: #""number":3"#, to: #""number":2"#)
        )
        #expect(
            found == [
                .problem(
                    "seals",
                    "seal 2: its digest is not that of what it covers after the seal before it, "
                        + "so somebody changed one of them in the database"
                )
            ]
        )
    }

    @Test func `more breaks than anybody reads are counted`() async throws {
        try await History.lend { history in
            for number in 1...(HistoryCheck.shown + 2) {
                let id = try await history.run(number, events: 1)
                #expect(try await history.database.tamper(.payload(experiment: id, number: 1, "{}")) == 1)
            }
            let found = try await Self.findings(history)
            #expect(found.count == HistoryCheck.shown + 1)
            #expect(found.last == .problem("history", "2 more breaks are not shown"))
        }
    }
}

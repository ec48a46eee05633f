import Base
import Store
import TestSupport
import Testing

@Suite struct ListenerTests {
    /// What a listener told, to be waited for.
    private final class Told: Sendable {
        private let events = Locked<[Listener.Event]>([])

        func take(_ event: Listener.Event) {
            events.withLock { $0.append(event) }
            events.announce()
        }

        var all: [Listener.Event] { events.withLock { $0 } }

        var connections: Int { all.count { $0 == .connected } }
    }

    private func listener(_ database: Database, _ told: Told) throws -> Listener {
        try Listener(on: database.address, channels: ["changes", #"odd "name""#], log: .quiet) {
            told.take($0)
        }
    }

    @Test func `what is notified is heard, on the channels asked for`() async throws {
        try await withTestDatabase { database in
            let told = Told()
            let listener = try listener(database, told)
            defer { listener.stop() }
            try await eventually("it listens") { told.connections == 1 }
            try await database.notify("elsewhere", "not for us")
            try await database.notify("changes", "42")
            try await database.notify(#"odd "name""#)
            try await eventually("both are heard") { told.all.count == 3 }
            #expect(
                told.all == [
                    .connected, .notified(Notification(channel: "changes", payload: "42")),
                    .notified(Notification(channel: #"odd "name""#, payload: "")),
                ]
            )
        }
    }

    @Test func `a lost session is reported, replaced and reported again`() async throws {
        try await withTestDatabase { database in
            let told = Told()
            let listener = try listener(database, told)
            defer { listener.stop() }
            try await eventually("it listens") { told.connections == 1 }
            try await database.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faultplane listener' AND datname = current_database()"
            )
            try await eventually("it listens again") { told.connections == 2 }
            let between = told.all.contains { if case .disconnected = $0 { true } else { false } }
            #expect(between)
            try await database.notify("changes", "after")
            try await eventually("it hears again") {
                told.all.last == .notified(Notification(channel: "changes", payload: "after"))
            }
        }
    }

    @Test func `a stopped listener ends its session`() async throws {
        try await withTestDatabase { database in
            let told = Told()
            let listener = try listener(database, told)
            try await eventually("it listens") { told.connections == 1 }
            listener.stop()
            try await eventually("its session has ended") {
                try await database.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'faultplane listener' AND datname = current_database()"
                ) == 0
            }
            #expect(told.all == [.connected])
        }
    }
}

import Base
import Experiments
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What alarms say to who watches them, while they say anything.
@Suite(.timeLimit(.minutes(10))) struct AlarmSourceTests {
    private static let now = Timestamp(nanoseconds: 1_790_000_000_000_000_000)
    private static let account = AccountID.zero

    /// Lends a database that knows of some alarms, with the source over it at a moment.
    private func withAlarms(_ body: @Sendable (Database, AlarmSource) async throws -> Void) async throws {
        try await withTestDatabase { database in
            _ = try await database.transaction { transaction throws(StoreError) in
                let deployment = Deployment(
                    id: "dep-1",
                    masterKeyCheck: [UInt8](repeating: 7, count: 32),
                    firstAccount: Self.account,
                    region: "us-east-1",
                    lease: .seconds(15),
                    createdAt: Self.now
                )
                _ = try transaction.deploymentInitialise(deployment, firstAccountName: "first")
            }
            let door = DatabaseDoor()
            door.open(database)
            let clock = Base.Clock(now: { Instant(nanoseconds: 0) }, wall: { Self.now })
            try await body(database, AlarmSource(database: door, time: DeploymentTime(clock: clock)))
        }
    }

    private static let context = OperationContext(
        account: account,
        actor: .system,
        origin: .background,
        requestID: "test"
    )

    private static func put(
        _ database: Database,
        _ name: String,
        _ state: String,
        reason: String? = nil,
        feed: Alarm.Feed = .api,
        age: Int64
    ) async throws {
        _ = try await database.transaction { transaction throws(StoreError) in
            try transaction.alarmPut(
                context,
                name: name,
                AlarmNews(state: state, reason: reason, feed: feed, maxAge: .seconds(60)),
                quota: 100,
                at: now + .seconds(-age)
            )
        }
    }

    private static func reading(_ source: AlarmSource, _ value: String) async throws -> Reading? {
        let inquiry = Inquiry(.alarm(try AlarmQuestion(value)), scope: .init(account: account, targets: []))
        let answers = Locked<[Reading]>([])
        await source.read([inquiry], by: .now + .seconds(30)) { _, reading in
            answers.withLock { $0.append(reading) }
        }
        let found = answers.withLock { $0 }
        #expect(found.count == 1)
        return found.first.map { Reading($0.finding, $0.value, threshold: $0.threshold, latency: .zero) }
    }

    @Test func `an alarm is clear, breached, or says nothing any more`() async throws {
        try await withAlarms { database, source in
            try await Self.put(database, "fine", "OK", age: 60)
            try await Self.put(database, "bad", "ALARM", reason: "12 % of all", age: 1)
            try await Self.put(database, "unknown", "INSUFFICIENT_DATA", age: 1)
            try await Self.put(database, "old", "ALARM", age: 61)
            try await Self.put(database, "ahead", "OK", age: -30)
            let rows: [(String, Reading.Finding, String)] = [
                ("alarm:fine", .clear, "OK"),
                ("alarm:bad", .breached, "ALARM (12 % of all)"),
                ("alarm:unknown", .clear, "INSUFFICIENT_DATA"),
                ("alarm:old", .unreadable, "its last news is 61 s old, more than 60 s"),
                ("alarm:old max-age 2m", .breached, "ALARM"),
                ("alarm:fine max-age 59s", .unreadable, "its last news is 60 s old, more than 59 s"),
                ("alarm:ahead", .clear, "OK"),
                ("alarm:none", .unreadable, "there is no alarm \"none\""),
            ]
            for (value, finding, text) in rows {
                let reading = try await Self.reading(source, value)
                #expect(reading == Reading(finding, text, latency: .zero), "\(value)")
            }
        }
    }

    @Test func `an alarm that Alertmanager feeds is fresh for as long as that says anything`() async throws {
        try await withAlarms { database, source in
            try await Self.put(database, "fed", "OK", feed: .alertmanager, age: 600)
            #expect(try await Self.reading(source, "alarm:fed")?.finding == .unreadable)
            _ = try await database.transaction { transaction throws(StoreError) in
                try transaction.alertmanagerHeard(
                    Self.context,
                    [AlertNews(alarm: "Watchdog", fingerprint: "1", isFiring: true)],
                    quota: 10,
                    at: Self.now + .seconds(-20)
                )
            }
            #expect(try await Self.reading(source, "alarm:fed") == Reading(.clear, "OK", latency: .zero))
        }
    }

    @Test func `two alarms whose names only look alike are two`() async throws {
        try await withAlarms { database, source in
            try await Self.put(database, "\u{e9}", "OK", age: 1)
            try await Self.put(database, "e\u{301}", "ALARM", age: 1)
            let inquiries = try ["\u{e9}", "e\u{301}"].map { name in
                Inquiry(
                    .alarm(try AlarmQuestion("alarm:" + name)),
                    scope: .init(account: Self.account, targets: [])
                )
            }
            #expect(Set(inquiries).count == 2 && Set(inquiries + inquiries).count == 2)
            let answers = Locked<[String]>([])
            await source.read(inquiries, by: .now + .seconds(30)) { inquiry, reading in
                guard case .alarm(let question) = inquiry.question else { return }
                answers.withLock { $0.append("\(question.name.unicodeScalars.count) \(reading.value)") }
            }
            #expect(answers.withLock { $0.sorted() } == ["1 OK", "2 ALARM"])
        }
    }

    @Test func `texts that only look alike are asked each by itself`() {
        func count(_ question: (String) -> Question) -> Int {
            Set(["\u{e9}", "e\u{301}", "\u{e9}"].map { Inquiry(question($0)) }).count
        }
        #expect(count { .prometheus(PrometheusQuestion(expression: $0)) } == 2)
        #expect(count { .prometheus(PrometheusQuestion(expression: "up", requires: $0)) } == 2)
        #expect(count { .http(HTTPQuestion(url: $0)) } == 2)
        #expect(count { .cloudWatchAlarm(CloudWatchQuestion(arn: $0)) } == 2)
        #expect(count { .telemetry(TelemetryQuestion(metric: .p99, targets: [$0])) } == 2)
        let expectation = { (text: String) in
            HTTPQuestion.Expectation(pointer: "/a", comparison: .equal, operand: .text(text))
        }
        #expect(count { .http(HTTPQuestion(url: "http://a", expectation: expectation($0))) } == 2)
    }

    @Test func `without the database nothing can be read, and that is said`() async throws {
        let clock = Base.Clock(now: { Instant(nanoseconds: 0) }, wall: { Self.now })
        let source = AlarmSource(database: DatabaseDoor(), time: DeploymentTime(clock: clock))
        let reading = try await Self.reading(source, "alarm:any")
        #expect(reading == Reading(.unreadable, "The database is not up yet.", latency: .zero))
    }
}

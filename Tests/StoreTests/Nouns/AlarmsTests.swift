import Base
import Store
import TestSupport
import Testing

/// Alarms that others tell: one at a time, or many by an Alertmanager.
@Suite struct AlarmsTests {
    private static func put(
        _ database: Database,
        _ name: String,
        _ state: String,
        feed: Alarm.Feed = .api,
        quota: Int = 100,
        account: AccountID = Given.first,
        at second: Int64 = 0
    ) async throws -> AlarmChange {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.alarmPut(
                Given.context(account),
                name: name,
                AlarmNews(state: state, feed: feed),
                quota: quota,
                at: Given.now + .seconds(second)
            )
        }
    }

    private static func hear(
        _ database: Database,
        _ alerts: [AlertNews],
        quota: Int = 100,
        at second: Int64 = 0
    ) async throws -> AlertmanagerOutcome {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.alertmanagerHeard(
                Given.context(),
                alerts,
                quota: quota,
                at: Given.now + .seconds(second)
            )
        }
    }

    private static func read(_ database: Database, _ name: String) async throws -> Alarm {
        try await database.statement { transaction throws(StoreError) in
            try transaction.alarmRead(Given.context(), name: name)
        }
    }

    private static func audited(_ database: Database) async throws -> [String] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.auditList(Given.context(), limit: 20)
                .filter { $0.action.hasPrefix("alarm.") }
                .map { "\($0.action) \($0.subject) \($0.details["state"]?.text ?? "")" }
        }
    }

    private static func alert(
        _ alarm: String,
        _ print: String,
        _ isFiring: Bool,
        _ reason: String? = nil
    ) -> AlertNews {
        AlertNews(alarm: alarm, fingerprint: print, isFiring: isFiring, reason: reason)
    }

    @Test func `what is told again is fresh and leaves no trace, and what changes does`() async throws {
        try await Given.populated { database in
            let made = try await Self.put(database, "errors", "OK", at: 1)
            #expect(made.before == nil && made.alarm.state == "OK")
            for second in 2...4 {
                let again = try await Self.put(database, "errors", "OK", at: Int64(second))
                #expect(again.before == "OK" && !again.isChange)
            }
            let told = try await Self.read(database, "errors")
            #expect(told.updatedAt == Given.now + .seconds(4) && told.changedAt == Given.now + .seconds(1))
            let fires = try await Self.put(database, "errors", "ALARM", at: 5)
            #expect(fires.before == "OK" && fires.isChange)
            #expect(fires.alarm.changedAt == Given.now + .seconds(5))
            let late = try await Self.put(database, "errors", "OK", at: 3)
            #expect(late.alarm.updatedAt == Given.now + .seconds(5), "time does not run back")
            let gone = try await database.transaction { transaction throws(StoreError) in
                try transaction.alarmDelete(Given.context(), name: "errors", at: Given.now + .seconds(6))
            }
            #expect(gone == late.alarm)
            await #expect(throws: StoreError.refused(.alarmUnknown("errors"))) {
                _ = try await Self.read(database, "errors")
            }
            #expect(
                try await Self.audited(database) == [
                    "alarm.deleted errors OK", "alarm.put errors OK", "alarm.put errors ALARM",
                    "alarm.put errors OK",
                ]
            )
        }
    }

    @Test func `one alarm more than an account may have is refused, and those it has are told`() async throws
    {
        try await Given.populated { database in
            for name in ["a", "b"] { _ = try await Self.put(database, name, "OK", quota: 2) }
            await #expect(throws: StoreError.refused(.alarmQuota(2))) {
                _ = try await Self.put(database, "c", "OK", quota: 2)
            }
            _ = try await Self.put(database, "a", "ALARM", quota: 2)
            _ = try await Self.put(database, "c", "OK", quota: 2, account: Given.second)
            let heard = try await Self.hear(
                database,
                [Self.alert("d", "1", true), Self.alert("b", "1", true)],
                quota: 2
            )
            #expect(heard.refused == ["d"] && heard.told.map(\.alarm.name) == ["b"])
            let names = try await database.statement { transaction throws(StoreError) in
                try transaction.alarmList(Given.context(), limit: 10).map { "\($0.name) \($0.state)" }
            }
            #expect(names == ["a ALARM", "b ALARM"])
        }
    }

    @Test func `an alarm is in ALARM until the last alert of its name is resolved`() async throws {
        try await Given.populated { database in
            let both = [
                Self.alert("Errors", "1", true, "12 %"), Self.alert("Errors", "2", true, "30 %"),
                Self.alert("Slow", "3", false),
            ]
            let first = try await Self.hear(database, both, at: 1)
            #expect(first.told.map { "\($0.alarm.name) \($0.alarm.state)" } == ["Errors ALARM", "Slow OK"])
            #expect(first.told.first?.alarm.reason == "12 %" && first.told.first?.before == nil)
            let second = try await Self.hear(database, [Self.alert("Errors", "1", false)], at: 2)
            #expect(second.told.map(\.isChange) == [false])
            #expect(second.told.first?.alarm.firing == ["2"] && second.told.first?.alarm.reason == "12 %")
            let third = try await Self.hear(
                database,
                [Self.alert("Errors", "2", true), Self.alert("Errors", "2", false)],
                at: 3
            )
            #expect(third.told.first?.alarm.state == "OK" && third.told.first?.alarm.reason == nil)
            #expect(third.told.first?.before == "ALARM")
            #expect(
                try await Self.audited(database) == [
                    "alarm.told Errors OK", "alarm.told Slow OK", "alarm.told Errors ALARM",
                ]
            )
        }
    }

    @Test func `any word of Alertmanager's is news of all alarms that it feeds, and of no others`()
        async throws
    {
        try await Given.populated { database in
            _ = try await Self.put(database, "fed", "OK", feed: .alertmanager, at: 1)
            _ = try await Self.put(database, "pushed", "OK", at: 1)
            #expect(try await Self.read(database, "fed").newsAt == Given.now + .seconds(1))
            _ = try await Self.hear(database, [Self.alert("Watchdog", "w", true)], at: 100)
            #expect(try await Self.read(database, "fed").newsAt == Given.now + .seconds(100))
            #expect(try await Self.read(database, "pushed").newsAt == Given.now + .seconds(1))
            _ = try await Self.hear(database, [], at: 200)
            #expect(try await Self.read(database, "fed").newsAt == Given.now + .seconds(200))
        }
    }

    @Test func `those who watch read many alarms of all accounts at once`() async throws {
        try await Given.populated { database in
            _ = try await Self.put(database, "a", "OK")
            _ = try await Self.put(database, "a", "ALARM", account: Given.second)
            _ = try await Self.put(database, "b", "ALARM")
            let keys = [(Given.first, "a"), (Given.second, "a"), (Given.second, "b")].map {
                AlarmKey(account: $0, name: $1)
            }
            let found = try await database.statement { transaction throws(StoreError) in
                try transaction.alarmListWatched(Set(keys))
            }
            #expect(keys.map { found[$0]?.state } == ["OK", "ALARM", nil])
        }
    }

    @Test func `those who make an alarm at once make one, and say so once`() async throws {
        try await Given.populated { database in
            let changes = try await withThrowingTaskGroup(of: AlarmChange.self) { group in
                for _ in 0..<8 { group.addTask { try await Self.put(database, "errors", "ALARM") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(changes.count(where: \.isChange) == 1)
            #expect(try await Self.audited(database) == ["alarm.put errors ALARM"])
        }
    }
}

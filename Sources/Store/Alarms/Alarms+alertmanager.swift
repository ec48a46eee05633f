package import Base

/// One alert of a message from Alertmanager.
package struct AlertNews: Equatable, Sendable {
    /// The alarm that it is a part of.
    package let alarm: String
    /// Sets it apart from other alerts of its name.
    package let fingerprint: String
    package let isFiring: Bool
    package let reason: String?

    package init(alarm: String, fingerprint: String, isFiring: Bool, reason: String? = nil) {
        self.alarm = alarm
        self.fingerprint = fingerprint
        self.isFiring = isFiring
        self.reason = reason
    }
}

/// What became of a message from Alertmanager.
package struct AlertmanagerOutcome: Equatable, Sendable {
    /// The alarms that it told of, by name.
    package let told: [AlarmChange]
    /// Those that were not made, as the account has as many as it may.
    package let refused: [String]
}

extension Transaction {
    /// Takes a message from Alertmanager: an alarm is in `ALARM` while any alert of its name fires, and in `OK` else.
    ///
    /// Of a message that was cut off (`isTruncated`) only what fires is believed: it calls nothing `OK`, as what else fires may be in
    /// the part that is missing, and it is no sign of life. Only messages of the account wait for each other. `quota` is how many
    /// alarms an account may have: those that there are hear their news also where it is reached.
    package func alertmanagerHeard(
        _ context: OperationContext,
        _ alerts: [AlertNews],
        isTruncated: Bool = false,
        quota: Int,
        at now: Timestamp
    ) throws(StoreError) -> AlertmanagerOutcome {
        try alarmsLock(context)
        if !isTruncated { try alertmanagerSeen(context, at: now) }
        let news = Dictionary(grouping: alerts) { AlarmKey(account: context.account, name: $0.alarm) }
        let before = try alarmsLocked(context, news.keys.map(\.name).sorted())
        let states = news.map { key, alerts in (key: key, state: AlertState(key.name, before[key], alerts)) }
            .filter { !isTruncated || !$0.state.firing.isEmpty }
            .sorted { $0.key.name < $1.key.name }
        let unknown = states.map(\.key).filter { before[$0] == nil }
        let room = unknown.isEmpty ? 0 : max(0, quota - (try alarmCount(context)))
        let refused = Set(unknown.dropFirst(room))
        let told = states.filter { !refused.contains($0.key) }.map(\.state)
        let changes = try alarmsFeed(context, told, at: now).map { alarm in
            AlarmChange(alarm: alarm, before: before[alarm.key]?.state)
        }
        for change in changes where change.isChange {
            try auditAppend(
                context,
                action: "alarm.told",
                subject: change.alarm.name,
                details: [
                    "state": .string(change.alarm.state),
                    "reason": change.alarm.reason.map { .string($0) } ?? .null,
                ],
                at: now
            )
        }
        return AlertmanagerOutcome(told: changes, refused: refused.map(\.name).sorted())
    }

    private func alertmanagerSeen(_ context: OperationContext, at now: Timestamp) throws(StoreError) {
        try execute(
            """
            INSERT INTO alertmanager_seen AS seen (account, at) VALUES (\(context.account), \(now))
            ON CONFLICT (account) DO UPDATE SET at = greatest(seen.at, excluded.at)
            """
        )
    }

    private func alarmsLocked(
        _ context: OperationContext,
        _ names: [String]
    ) throws(StoreError) -> [AlarmKey: Alarm] {
        let found = try all(
            """
            SELECT \(Alarm.columns) FROM alarms
            WHERE account = \(context.account)
              AND name IN (SELECT json_array_elements_text(\(JSON.array(names.map { .string($0) }))::json))
            ORDER BY name
            FOR NO KEY UPDATE
            """
        ) { row throws(StoreError) in try Alarm(&row) }
        return found.reduce(into: [:]) { $0[$1.key] = $1 }
    }

    private func alarmsFeed(
        _ context: OperationContext,
        _ told: [AlertState],
        at now: Timestamp
    ) throws(StoreError) -> [Alarm] {
        try all(
            """
            INSERT INTO alarms AS alarms (account, name, state, reason, fed_by, max_age, updated_at, changed_at, firing)
            SELECT \(context.account), told.name, told.state, told.reason, 'alertmanager',
                   \(Alarm.ordinaryMaxAge.components.seconds)::integer, \(now)::timestamptz, \(now)::timestamptz, told.firing
            FROM json_to_recordset(\(JSON.array(told.map(\.json)))::json)
                AS told (name text, state text, reason text, firing json)
            ON CONFLICT (account, name) DO UPDATE
            SET state = excluded.state, reason = excluded.reason, fed_by = excluded.fed_by, firing = excluded.firing,
                updated_at = greatest(excluded.updated_at, alarms.updated_at),
                changed_at = CASE WHEN alarms.state = excluded.state THEN alarms.changed_at
                                  ELSE greatest(excluded.updated_at, alarms.updated_at) END
            RETURNING \(Alarm.columns)
            """
        ) { row throws(StoreError) in try Alarm(&row) }.sorted { $0.name < $1.name }
    }
}

/// How an alarm stands after some alerts of its name.
private struct AlertState {
    let name: String
    /// Those that fire, the longest known first; of more than so many the rest is not remembered.
    let firing: [String]
    let reason: String?

    private static let limit = 10_000

    init(_ name: String, _ before: Alarm?, _ alerts: [AlertNews]) {
        self.name = name
        let before = (firing: before?.firing ?? [], reason: before?.reason)
        // Of two words about one alert the later one counts.
        let isFiring = Dictionary(alerts.map { ($0.fingerprint, $0.isFiring) }) { $1 }
        let known = Set(before.firing)
        let added = Set(alerts.map(\.fingerprint)).subtracting(known).filter { isFiring[$0] ?? false }
        firing = Array((before.firing.filter { isFiring[$0] ?? true } + added.sorted()).prefix(Self.limit))
        let told = alerts.first { $0.isFiring && $0.reason != nil }?.reason
        reason = firing.isEmpty ? nil : told ?? before.reason
    }

    var json: JSON {
        [
            "name": .string(name), "state": firing.isEmpty ? "OK" : "ALARM",
            "reason": reason.map { .string($0) } ?? .null, "firing": .array(firing.map { .string($0) }),
        ]
    }
}

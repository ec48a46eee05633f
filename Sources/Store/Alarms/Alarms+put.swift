package import Base

/// How an alarm stands, as somebody says who puts it.
package struct AlarmNews: Equatable, Sendable {
    package var state: String
    package var reason: String?
    package var feed: Alarm.Feed
    package var maxAge: Duration

    package init(
        state: String,
        reason: String? = nil,
        feed: Alarm.Feed = .api,
        maxAge: Duration = Alarm.ordinaryMaxAge
    ) {
        self.state = state
        self.reason = reason
        self.feed = feed
        self.maxAge = maxAge
    }

    fileprivate var details: JSON {
        [
            "state": .string(state), "reason": reason.map { .string($0) } ?? .null,
            "fedBy": .string(feed.rawValue), "maxAge": .integer(maxAge.components.seconds),
        ]
    }
}

extension Transaction {
    /// Says how an alarm stands, whatever was said before; the first time makes it.
    ///
    /// Only what changes leaves a trace in the audit: news come every few seconds. `quota` is how many alarms an account may have.
    package func alarmPut(
        _ context: OperationContext,
        name: String,
        _ news: AlarmNews,
        quota: Int,
        at now: Timestamp
    ) throws(StoreError) -> AlarmChange {
        var before = try alarmLocked(context, name: name)
        if before == nil {
            try alarmsLock(context)
            before = try alarmLocked(context, name: name)
            if before == nil, try alarmCount(context) >= quota { throw .refused(.alarmQuota(quota)) }
        }
        let alarm = try one(
            """
            INSERT INTO alarms AS alarms (account, name, state, reason, fed_by, max_age, updated_at, changed_at)
            VALUES (\(context.account), \(name), \(news.state), \(news.reason), \(news.feed.rawValue),
                    \(news.maxAge.components.seconds), \(now), \(now))
            ON CONFLICT (account, name) DO UPDATE
            SET state = excluded.state, reason = excluded.reason, fed_by = excluded.fed_by, max_age = excluded.max_age,
                firing = excluded.firing, updated_at = greatest(excluded.updated_at, alarms.updated_at),
                changed_at = CASE WHEN alarms.state = excluded.state THEN alarms.changed_at
                                  ELSE greatest(excluded.updated_at, alarms.updated_at) END
            RETURNING \(Alarm.columns)
            """
        ) { row throws(StoreError) in try Alarm(&row) }
        if before.map({ $0.state != news.state || $0.feed != news.feed || $0.maxAge != news.maxAge }) ?? true
        {
            try auditAppend(context, action: "alarm.put", subject: name, details: news.details, at: now)
        }
        return AlarmChange(alarm: alarm, before: before?.state)
    }

    /// Takes an alarm away: whoever watches it cannot read it any more.
    package func alarmDelete(
        _ context: OperationContext,
        name: String,
        at now: Timestamp
    ) throws(StoreError) -> Alarm {
        let alarm = try first(
            """
            DELETE FROM alarms WHERE account = \(context.account) AND name = \(name) RETURNING \(Alarm.columns)
            """
        ) { row throws(StoreError) in try Alarm(&row) }
        guard let alarm else { throw .refused(.alarmUnknown(name)) }
        try auditAppend(
            context,
            action: "alarm.deleted",
            subject: name,
            details: ["state": .string(alarm.state)],
            at: now
        )
        return alarm
    }

    private func alarmLocked(_ context: OperationContext, name: String) throws(StoreError) -> Alarm? {
        try first(
            """
            SELECT \(Alarm.columns) FROM alarms WHERE account = \(context.account) AND name = \(name)
            FOR NO KEY UPDATE
            """
        ) { row throws(StoreError) in try Alarm(&row) }
    }

    func alarmCount(_ context: OperationContext) throws(StoreError) -> Int {
        try one("SELECT count(*) FROM alarms WHERE account = \(context.account)") { row throws(StoreError) in
            try row.next()
        }
    }

    /// Until this transaction ends, nobody else makes an alarm in the account; it is taken before any alarm's own lock.
    func alarmsLock(_ context: OperationContext) throws(StoreError) {
        try execute("SELECT pg_advisory_xact_lock(\(alarmLocks), hashtext(\(context.account)))")
    }
}

/// Sets these locks apart from others; what the number is does not matter.
private let alarmLocks = 730_442

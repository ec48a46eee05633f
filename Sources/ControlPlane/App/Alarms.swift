import Base
import Experiments
import Store

/// What can be done with alarms whose state others tell us.
struct Alarms: Sendable {
    let database: DatabaseDoor
    let time: DeploymentTime
    let quotas: Quotas
    let log: Logger
    let guards: GuardSignals

    func alarmPut(
        _ context: OperationContext,
        _ name: String,
        _ news: AlarmNews
    ) async throws(APIError) -> Alarm {
        let now = time.now
        let change = try await database.transaction { transaction throws(StoreError) in
            try transaction.alarmPut(context, name: name, news, quota: quotas.alarms, at: now)
        }
        await hurry([change], context)
        return change.alarm
    }

    /// Takes a message from Alertmanager; gives the alarms whose state it changed.
    func alertmanagerHeard(
        _ context: OperationContext,
        _ message: AlertmanagerMessage
    ) async throws(APIError) -> [Alarm] {
        let now = time.now
        let (alerts, isTruncated) = (message.alerts, message.isTruncated)
        let outcome = try await database.transaction { transaction throws(StoreError) in
            try transaction.alertmanagerHeard(
                context,
                alerts,
                isTruncated: isTruncated,
                quota: quotas.alarms,
                at: now
            )
        }
        if isTruncated {
            log.warning(
                "alertmanager cut off a message: leave max_alerts of its webhook at 0",
                .field("account.id", context.account.description),
                .field("alerts.told", alerts.count)
            )
        }
        if !outcome.refused.isEmpty {
            log.warning(
                "alerts are no alarms, as the account has as many as it may",
                .field("account.id", context.account.description),
                .field("alarms.refused", outcome.refused.count)
            )
        }
        await hurry(outcome.told, context)
        return outcome.told.filter(\.isChange).map(\.alarm)
    }

    func alarmRead(_ context: OperationContext, _ name: String) async throws(APIError) -> Alarm {
        try await database.statement { transaction throws(StoreError) in
            try transaction.alarmRead(context, name: name)
        }
    }

    func alarmList(
        _ context: OperationContext,
        after name: String?,
        limit: Int
    ) async throws(APIError) -> [Alarm] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.alarmList(context, after: name, limit: limit)
        }
    }

    func alarmDelete(_ context: OperationContext, _ name: String) async throws(APIError) -> Alarm {
        let now = time.now
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.alarmDelete(context, name: name, at: now)
        }
    }

    /// What has just gone bad need not wait for the next look at it.
    private func hurry(_ changes: [AlarmChange], _ context: OperationContext) async {
        let isBad = changes.contains { $0.isChange && $0.alarm.state == AlarmState.alarm.rawValue }
        if !isBad { return }
        do throws(APIError) {
            try await database.statement { transaction throws(StoreError) in
                _ = try transaction.guardHurry(of: context.account)
            }
            guards.look()
        } catch {
            // The news itself is written, and found by the next look.
            log.warning("guards not hurried", .field("error", error.message))
        }
    }
}

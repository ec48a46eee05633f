package import Base

extension Transaction {
    package func leverRead() throws(StoreError) -> Lever {
        try one("SELECT \(Lever.columns) FROM safety_lever") { row throws(StoreError) in try Lever(&row) }
    }

    /// Records an engagement, for every account; one that is recorded already only notes who asked again, and why.
    ///
    /// Where another one stands they stand together. Nil where it is over. The lever is `engaging` until `leverSettle` finds nothing left
    /// that runs.
    package func leverEngage(
        _ context: OperationContext,
        _ engagement: LeverEngagement,
        reason: String,
        at now: Timestamp
    ) throws(StoreError) -> Lever? {
        let before = try leverLock()
        let isOver = try first(
            "SELECT disengaged_at IS NOT NULL FROM lever_engagements WHERE id = \(engagement.id)"
        ) { row throws(StoreError) in try row.next(Bool.self) }
        if isOver == true { return nil }
        let lever = isOver == nil ? try leverRecord(engagement, over: before, at: now) : before
        try auditAppend(
            context,
            action: before.engagementID == nil ? "lever.engaged" : "lever.engaged-again",
            subject: "default",
            details: [
                "reason": .string(reason), "epoch": .integer(lever.state.epoch),
                "engagementId": .string(engagement.id),
            ],
            at: now
        )
        return lever
    }

    /// The epoch rises above every one that was recorded, unless the lever stands engaged already.
    private func leverRecord(
        _ engagement: LeverEngagement,
        over before: Lever,
        at now: Timestamp
    ) throws(StoreError) -> Lever {
        var lever = before
        let lowest = before.state.epoch + (before.engagementID == nil ? 1 : 0)
        let epoch = max(lowest, engagement.epoch)
        if before.engagementID == nil {
            lever = try leverWrite(
                """
                status = 'engaging', reason = \(engagement.reason), epoch = \(epoch),
                engagement_id = \(engagement.id), changed_at = \(now)
                """
            )
        } else if epoch > before.state.epoch {
            lever = try leverWrite("epoch = \(epoch)")
        }
        try execute(
            """
            INSERT INTO lever_engagements (id, epoch, reason, engaged_at, engaged_by)
            VALUES (\(engagement.id), \(epoch), \(engagement.reason), \(engagement.at), \(engagement.by))
            """
        )
        return lever
    }

    /// Brings a disengaged lever up to an epoch that a node stands in; whatever runs of a lower one is served no more.
    package func leverRaise(
        _ context: OperationContext,
        to epoch: Int64,
        at now: Timestamp
    ) throws(StoreError) {
        let before = try leverLock()
        guard before.engagementID == nil, before.state.epoch < epoch else { return }
        _ = try leverWrite("epoch = \(epoch)")
        try auditAppend(
            context,
            action: "lever.epoch-raised",
            subject: "default",
            details: ["from": .integer(before.state.epoch), "to": .integer(epoch)],
            at: now
        )
    }

    private func leverWrite(_ assignments: Query) throws(StoreError) -> Lever {
        try one("UPDATE safety_lever SET \(assignments) RETURNING \(Lever.columns)") {
            row throws(StoreError) in try Lever(&row)
        }
    }

    /// Says that an engagement has stopped all there was to stop; false where something still runs.
    package func leverSettle(at now: Timestamp) throws(StoreError) -> Bool {
        let lever = try leverLock()
        guard lever.state.status == "engaging" else { return true }
        let settled = try execute(
            """
            UPDATE safety_lever SET status = 'engaged', changed_at = \(now)
            WHERE NOT EXISTS (SELECT FROM experiments WHERE ended_at IS NULL)
            """
        )
        return settled == 1
    }

    /// Disengages the lever, and ends every engagement that is recorded; disengaged already, it stays as it is.
    ///
    /// Refused while it is still engaging: what it stops must have stopped.
    package func leverDisengage(
        _ context: OperationContext,
        reason: String,
        at now: Timestamp
    ) throws(StoreError) -> Lever {
        let before = try leverLock()
        guard let engagement = before.engagementID else { return before }
        if before.state.status == "engaging" { throw .refused(.leverEngaging) }
        let lever = try leverWrite(
            "status = 'disengaged', reason = \(reason), engagement_id = NULL, changed_at = \(now)"
        )
        try execute(
            """
            UPDATE lever_engagements SET disengaged_at = \(now), disengaged_reason = \(reason)
            WHERE disengaged_at IS NULL
            """
        )
        try auditAppend(
            context,
            action: "lever.disengaged",
            subject: "default",
            details: ["reason": .string(reason), "engagementId": .string(engagement)],
            at: now
        )
        return lever
    }

    /// Has the lever to itself, once everything has committed that began while it stood as it does.
    private func leverLock() throws(StoreError) -> Lever {
        _ = try one("SELECT pg_advisory_xact_lock(hashtextextended('safety lever', 0)) IS NULL") {
            row throws(StoreError) in try row.next(Bool.self)
        }
        return try one("SELECT \(Lever.columns) FROM safety_lever FOR UPDATE") {
            row throws(StoreError) in try Lever(&row)
        }
    }
}

package import Base

extension Transaction {
    package func leverRead() throws(StoreError) -> Lever {
        try one("SELECT \(Lever.columns) FROM safety_lever") { row throws(StoreError) in try Lever(&row) }
    }

    /// Engages the lever, for every account; engaged already, it keeps its engagement and only notes who asked again.
    ///
    /// The lever is `engaging` until `leverEngaged` finds nothing left that runs.
    package func leverEngage(
        _ context: OperationContext,
        id: String,
        reason: String,
        at now: Timestamp
    ) throws(StoreError) -> Lever {
        let before = try leverLock()
        let isFirst = before.engagementID == nil
        var lever = before
        if isFirst {
            lever = try one(
                """
                UPDATE safety_lever
                SET status = 'engaging', reason = \(reason), epoch = epoch + 1, engagement_id = \(id),
                    changed_at = \(now)
                RETURNING \(Lever.columns)
                """
            ) { row throws(StoreError) in try Lever(&row) }
            try execute(
                """
                INSERT INTO lever_engagements (id, epoch, reason, engaged_at, engaged_by)
                VALUES (\(id), \(lever.state.epoch), \(reason), \(now), \(context.actor.description))
                """
            )
        }
        try auditAppend(
            context,
            action: isFirst ? "lever.engaged" : "lever.engaged-again",
            subject: "default",
            details: [
                "reason": .string(reason), "epoch": .integer(lever.state.epoch),
                "engagementId": lever.engagementID.map { .string($0) } ?? .null,
            ],
            at: now
        )
        return lever
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

    /// Disengages the lever; disengaged already, it stays as it is.
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
        let lever = try one(
            """
            UPDATE safety_lever
            SET status = 'disengaged', reason = \(reason), engagement_id = NULL, changed_at = \(now)
            RETURNING \(Lever.columns)
            """
        ) { row throws(StoreError) in try Lever(&row) }
        try execute(
            """
            UPDATE lever_engagements SET disengaged_at = \(now), disengaged_reason = \(reason)
            WHERE id = \(engagement)
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

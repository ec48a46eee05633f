package import Base

extension Transaction {
    /// Writes who changed what; it stands or falls with the change, which is in the same transaction.
    ///
    /// `action` is noun and past tense, as in `key.revoked`.
    package func auditAppend(
        _ context: OperationContext,
        action: String,
        subject: String,
        details: JSON = [:],
        at now: Timestamp
    ) throws(StoreError) {
        try execute(
            """
            INSERT INTO audit_events (account, at, actor, origin, address, request_id, action, subject, details)
            VALUES (\(context.account), \(now), \(context.actor.description), \(context.origin.rawValue),
                    \(context.peer), \(context.requestID), \(action), \(subject), \(details))
            """
        )
    }
}

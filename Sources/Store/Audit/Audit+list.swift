import Base

extension Transaction {
    /// The account's audit trail, newest first, a page at a time.
    ///
    /// The next page is asked for with `before` set to the last id of this one; ids order events of one account by when
    /// they were written, not always by when they were committed.
    package func auditList(
        _ context: OperationContext,
        before: Int64? = nil,
        limit: Int
    ) throws(StoreError) -> [AuditEvent] {
        try all(
            """
            SELECT id, at, actor, origin, address, request_id, action, subject, details
            FROM audit_events
            WHERE account = \(context.account) AND id < \(before ?? .max)
            ORDER BY id DESC
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in
            AuditEvent(
                id: try row.next(),
                at: try row.next(),
                actor: try row.next(),
                origin: try row.next(),
                address: try row.nextIfAny(),
                requestID: try row.next(),
                action: try row.next(),
                subject: try row.next(),
                details: try row.next()
            )
        }
    }
}

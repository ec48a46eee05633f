package import Base

extension Transaction {
    /// Creates a template in the context's account, once for each client token.
    ///
    /// A token that was used with the same request returns the template that request made, as it is now. Those of an
    /// account who create at the same time wait for each other, so that the quota is exact.
    package func templateCreate(
        _ context: OperationContext,
        id: String,
        clientToken: String,
        requestDigest: [UInt8],
        content: JSON,
        quota: Int,
        at now: Timestamp
    ) throws(StoreError) -> StoredTemplate {
        try templatesLock(context)
        let earlier = try first(
            """
            SELECT request_digest = \(requestDigest), \(StoredTemplate.columns) FROM experiment_templates AS template
            WHERE account = \(context.account) AND client_token = \(clientToken)
            """
        ) { row throws(StoreError) in (isSame: try row.next(Bool.self), template: try StoredTemplate(&row)) }
        if let earlier {
            guard earlier.isSame else { throw .refused(.clientTokenReused) }
            return earlier.template
        }
        guard try templateCount(context) < quota else { throw .refused(.templateQuota(quota)) }
        let template = try one(
            """
            INSERT INTO experiment_templates AS template
                (id, account, client_token, request_digest, content, created_at, updated_at)
            VALUES (\(id), \(context.account), \(clientToken), \(requestDigest), \(content), \(now), \(now))
            RETURNING \(StoredTemplate.columns)
            """
        ) { row throws(StoreError) in try StoredTemplate(&row) }
        try auditAppend(context, action: "template.created", subject: id, at: now)
        return template
    }

    /// How many templates the account has.
    package func templateCount(_ context: OperationContext) throws(StoreError) -> Int {
        try one("SELECT count(*) FROM experiment_templates WHERE account = \(context.account)") {
            row throws(StoreError) in try row.next()
        }
    }

    /// Until this transaction ends, nobody else creates a template in the account.
    private func templatesLock(_ context: OperationContext) throws(StoreError) {
        try execute(
            "SELECT pg_advisory_xact_lock(\(templateLocks), hashtext(\(context.account)))"
        )
    }
}

/// Sets these locks apart from others; what the number is does not matter.
private let templateLocks = 730_441

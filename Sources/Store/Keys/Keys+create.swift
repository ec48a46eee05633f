package import Base

extension Transaction {
    /// Creates a key in the context's account.
    @discardableResult
    package func keyCreate(
        _ context: OperationContext,
        id: KeyID,
        role: Role,
        targetPattern: String? = nil,
        name: String,
        at now: Timestamp
    ) throws(StoreError) -> AccessKey {
        try nameCheck(name)
        do throws(StoreError) {
            let key = try one(
                """
                INSERT INTO access_keys (\(AccessKey.columns))
                VALUES (\(id), \(context.account), \(role), \(targetPattern), \(name), \(now),
                        \(context.actor.description), NULL)
                RETURNING \(AccessKey.columns)
                """
            ) { row throws(StoreError) in try AccessKey(&row) }
            try keyAudit(context, "key.created", key, at: now)
            return key
        } catch {
            throw error.translated([
                "access_keys_account_fkey": .accountUnknown(context.account),
                "access_keys_pattern_is_the_agents": .keyPatternMismatch,
            ])
        }
    }

    func keyAudit(
        _ context: OperationContext,
        _ action: String,
        _ key: AccessKey,
        at now: Timestamp
    ) throws(StoreError) {
        var details: [JSON.Member] = [
            .init("name", .string(key.name)), .init("role", .string(key.role.rawValue)),
        ]
        if let pattern = key.targetPattern { details.append(.init("targetPattern", .string(pattern))) }
        try auditAppend(
            context,
            action: action,
            subject: key.id.description,
            details: .object(details),
            at: now
        )
    }
}

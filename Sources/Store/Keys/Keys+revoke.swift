package import Base

extension Transaction {
    /// Ends a key of the context's account for good.
    ///
    /// Revoking again changes nothing and says when it was revoked. Another account's key is as unknown as none at all.
    @discardableResult
    package func keyRevoke(
        _ context: OperationContext,
        id: KeyID,
        at now: Timestamp
    ) throws(StoreError) -> AccessKey {
        let revoked = try first(
            """
            UPDATE access_keys SET revoked_at = greatest(\(now), created_at)
            WHERE id = \(id) AND account = \(context.account) AND revoked_at IS NULL
            RETURNING \(AccessKey.columns)
            """
        ) { row throws(StoreError) in try AccessKey(&row) }
        if let revoked {
            try keyAudit(context, "key.revoked", revoked, at: now)
            return revoked
        }
        let earlier = try first(
            "SELECT \(AccessKey.columns) FROM access_keys WHERE id = \(id) AND account = \(context.account)"
        ) { row throws(StoreError) in try AccessKey(&row) }
        guard let earlier else { throw .refused(.keyUnknown(id)) }
        return earlier
    }
}

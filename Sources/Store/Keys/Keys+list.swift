extension Transaction {
    /// The account's keys, revoked ones too, oldest first.
    package func keyList(_ context: OperationContext) throws(StoreError) -> [AccessKey] {
        try all(
            """
            SELECT \(AccessKey.columns) FROM access_keys
            WHERE account = \(context.account)
            ORDER BY created_at, id
            """
        ) { row throws(StoreError) in try AccessKey(&row) }
    }
}

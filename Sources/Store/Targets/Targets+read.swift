extension Transaction {
    /// A registered target of the context's account.
    package func targetRead(
        _ context: OperationContext,
        arn: String
    ) throws(StoreError) -> RegisteredTarget {
        let target = try first(
            "SELECT \(RegisteredTarget.columns) FROM targets WHERE account = \(context.account) AND arn = \(arn)"
        ) { row throws(StoreError) in try RegisteredTarget(&row) }
        guard let target else { throw .refused(.targetUnknown(arn)) }
        return target
    }
}

package import Base

extension Transaction {
    /// Takes a target out of the registry; experiments that chose it already go on.
    @discardableResult
    package func targetDelete(
        _ context: OperationContext,
        arn: String,
        at now: Timestamp
    ) throws(StoreError) -> RegisteredTarget {
        let target = try first(
            """
            DELETE FROM targets WHERE account = \(context.account) AND arn = \(arn)
            RETURNING \(RegisteredTarget.columns)
            """
        ) { row throws(StoreError) in try RegisteredTarget(&row) }
        guard let target else { throw .refused(.targetUnknown(arn)) }
        try auditAppend(
            context,
            action: "target.deleted",
            subject: arn,
            details: ["resourceType": .string(target.resourceType), "tags": target.tags],
            at: now
        )
        return target
    }
}

package import Base

extension Transaction {
    /// Registers a target, or replaces what was registered under its ARN.
    ///
    /// Registering what is there already changes nothing and leaves no trace in the audit.
    @discardableResult
    package func targetPut(
        _ context: OperationContext,
        arn: String,
        resourceType: String,
        tags: JSON,
        attributes: JSON,
        at now: Timestamp
    ) throws(StoreError) -> RegisteredTarget {
        let changed = try first(
            """
            INSERT INTO targets (account, arn, resource_type, tags, attributes, created_at, updated_at)
            VALUES (\(context.account), \(arn), \(resourceType), \(tags), \(attributes), \(now), \(now))
            ON CONFLICT (account, arn) DO UPDATE
            SET resource_type = excluded.resource_type, tags = excluded.tags, attributes = excluded.attributes,
                updated_at = greatest(excluded.updated_at, targets.updated_at)
            WHERE (targets.resource_type, targets.tags::text, targets.attributes::text)
                IS DISTINCT FROM (excluded.resource_type, excluded.tags::text, excluded.attributes::text)
            RETURNING \(RegisteredTarget.columns)
            """
        ) { row throws(StoreError) in try RegisteredTarget(&row) }
        // A row that was left as it was is locked all the same, so it is still there.
        guard let changed else { return try targetRead(context, arn: arn) }
        try auditAppend(
            context,
            action: "target.registered",
            subject: arn,
            details: ["resourceType": .string(resourceType), "tags": tags],
            at: now
        )
        return changed
    }
}

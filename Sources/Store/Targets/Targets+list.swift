extension Transaction {
    /// The account's registered targets by ARN, a page at a time: those of a type, those with all of some tags, or all.
    package func targetList(
        _ context: OperationContext,
        resourceType: String? = nil,
        tags: [(key: String, value: String)] = [],
        after arn: String? = nil,
        limit: Int
    ) throws(StoreError) -> [RegisteredTarget] {
        let ofType: Query = if let resourceType { "AND resource_type = \(resourceType)" } else { "" }
        var tagged: Query = ""
        for tag in tags { tagged = "\(tagged) AND tags ->> \(tag.key)::text = \(tag.value)" }
        let after: Query = if let arn { "AND arn > \(arn)" } else { "" }
        return try all(
            """
            SELECT \(RegisteredTarget.columns) FROM targets
            WHERE account = \(context.account) \(ofType) \(tagged) \(after)
            ORDER BY arn
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in try RegisteredTarget(&row) }
    }
}

package import Base

extension Transaction {
    /// Every target of a type, by ARN.
    ///
    /// Beside the registered ones these are such as were polled for since `moment` and that nobody registered, where the
    /// type's ARNs have a form to know them by.
    package func targetCandidates(
        _ context: OperationContext,
        resourceType: String,
        form: ARNForm?,
        seenSince moment: Timestamp,
        limit: Int
    ) throws(StoreError) -> PossibleTargets {
        var targets = try all(
            """
            SELECT arn, resource_type, tags, attributes FROM targets
            WHERE account = \(context.account) AND resource_type = \(resourceType)
            UNION ALL
            \(Self.seen(context, form, since: moment))
            ORDER BY arn
            LIMIT \(limit + 1)
            """
        ) { row throws(StoreError) in try PossibleTarget(&row) }
        let hasMore = targets.count > limit
        if hasMore { targets.removeLast() }
        return PossibleTargets(targets: targets, hasMore: hasMore)
    }

    /// Those of some ARNs that exist, by ARN: registered as whatever type, or polled for since `moment`.
    package func targetCandidates(
        _ context: OperationContext,
        arns: [String],
        seenSince moment: Timestamp
    ) throws(StoreError) -> [PossibleTarget] {
        try all(
            """
            SELECT asked.arn, resource_type, coalesce(tags, '{}'), coalesce(attributes, '{}')
            FROM (SELECT DISTINCT json_array_elements_text(\(JSON.array(arns.map(JSON.string)))::json) AS arn) AS asked
            LEFT JOIN targets ON targets.account = \(context.account) AND targets.arn = asked.arn
            LEFT JOIN target_sightings AS sighting
                ON sighting.account = \(context.account) AND sighting.arn = asked.arn
            WHERE targets.arn IS NOT NULL OR sighting.seen_at >= \(moment)
            ORDER BY asked.arn
            """
        ) { row throws(StoreError) in try PossibleTarget(&row) }
    }

    private static func seen(_ context: OperationContext, _ form: ARNForm?, since moment: Timestamp) -> Query
    {
        guard let form else { return "SELECT NULL, NULL, NULL, NULL WHERE false" }
        return """
            SELECT arn, NULL, '{}', '{}' FROM target_sightings AS sighting
            WHERE account = \(context.account) AND seen_at >= \(moment)
                AND split_part(arn, ':', 3) = \(form.service)
                AND starts_with(regexp_replace(arn, '^([^:]*:){5}', ''), \(form.resource))
                AND NOT EXISTS (SELECT FROM targets WHERE targets.account = sighting.account
                                                      AND targets.arn = sighting.arn)
            """
    }
}

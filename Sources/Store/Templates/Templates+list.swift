extension Transaction {
    /// The account's templates, newest first, a page at a time.
    package func templateList(
        _ context: OperationContext,
        after place: ListPlace? = nil,
        limit: Int
    ) throws(StoreError) -> [StoredTemplate] {
        let older: Query =
            if let place { "AND (created_at, id) < (\(place.createdAt), \(place.id))" } else { "" }
        return try all(
            """
            SELECT \(StoredTemplate.columns) FROM experiment_templates AS template
            WHERE account = \(context.account) \(older)
            ORDER BY created_at DESC, id DESC
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in try StoredTemplate(&row) }
    }
}

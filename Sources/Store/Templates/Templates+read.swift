extension Transaction {
    /// A template of the context's account.
    package func templateRead(
        _ context: OperationContext,
        id: String
    ) throws(StoreError) -> StoredTemplate {
        let template = try first(
            """
            SELECT \(StoredTemplate.columns) FROM experiment_templates AS template
            WHERE id = \(id) AND account = \(context.account)
            """
        ) { row throws(StoreError) in try StoredTemplate(&row) }
        guard let template else { throw .refused(.templateUnknown(id)) }
        return template
    }
}

package import Base

extension Transaction {
    /// Deletes a template and its account configurations; experiments keep their own copies.
    @discardableResult
    package func templateDelete(
        _ context: OperationContext,
        id: String,
        at now: Timestamp
    ) throws(StoreError) -> StoredTemplate {
        let template = try first(
            """
            DELETE FROM experiment_templates AS template
            WHERE id = \(id) AND account = \(context.account)
            RETURNING \(StoredTemplate.columns)
            """
        ) { row throws(StoreError) in try StoredTemplate(&row) }
        guard let template else { throw .refused(.templateUnknown(id)) }
        try auditAppend(context, action: "template.deleted", subject: id, at: now)
        return template
    }
}

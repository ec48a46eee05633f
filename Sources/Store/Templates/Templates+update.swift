package import Base

extension Transaction {
    /// Replaces a template's content, if nobody changed it since that revision; nil where somebody did.
    package func templateUpdate(
        _ context: OperationContext,
        id: String,
        content: JSON,
        expecting revision: Int64,
        at now: Timestamp
    ) throws(StoreError) -> StoredTemplate? {
        let template = try first(
            """
            UPDATE experiment_templates AS template
            SET content = \(content), revision = revision + 1, updated_at = greatest(\(now), updated_at)
            WHERE id = \(id) AND account = \(context.account) AND revision = \(revision)
            RETURNING \(StoredTemplate.columns)
            """
        ) { row throws(StoreError) in try StoredTemplate(&row) }
        guard let template else {
            _ = try templateRead(context, id: id)
            return nil
        }
        try auditAppend(
            context,
            action: "template.updated",
            subject: id,
            details: ["revision": .integer(template.revision)],
            at: now
        )
        return template
    }
}

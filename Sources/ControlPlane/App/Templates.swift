import Base
import Experiments
import Store

/// What can be done with experiment templates.
struct Templates: Sendable {
    let database: DatabaseDoor
    let quotas: Quotas
    let clock: Clock

    func templateCreate(
        _ context: OperationContext,
        _ template: ExperimentTemplate,
        clientToken: String
    ) async throws(APIError) -> StoredTemplate {
        let (id, now, content) = (TemplateID.random(), clock.wall(), template.json)
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.templateCreate(
                context,
                id: id.description,
                clientToken: clientToken,
                requestDigest: RequestDigest.of("CreateExperimentTemplate", content),
                content: content,
                quota: quotas.templates,
                at: now
            )
        }
    }

    func templateRead(_ context: OperationContext, _ id: TemplateID) async throws(APIError) -> StoredTemplate
    {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.templateRead(context, id: id.description)
        }
    }

    func templateList(
        _ context: OperationContext,
        after place: ListPlace?,
        limit: Int
    ) async throws(APIError) -> [StoredTemplate] {
        try await database.transaction { transaction throws(StoreError) in
            try transaction.templateList(context, after: place, limit: limit)
        }
    }

    func templateDelete(
        _ context: OperationContext,
        _ id: TemplateID
    ) async throws(APIError) -> StoredTemplate {
        let now = clock.wall()
        return try await database.transaction { transaction throws(StoreError) in
            try transaction.templateDelete(context, id: id.description, at: now)
        }
    }

    /// Changes a template by what it is now; whoever changes it meanwhile is not overwritten, but built upon.
    func templateUpdate(
        _ context: OperationContext,
        _ id: TemplateID,
        _ change: (ExperimentTemplate) throws(APIError) -> ExperimentTemplate
    ) async throws(APIError) -> StoredTemplate {
        for _ in 0..<Self.attempts {
            let stored = try await templateRead(context, id)
            let content = try change(try Self.template(stored)).json
            let now = clock.wall()
            let updated = try await database.transaction { transaction throws(StoreError) in
                try transaction.templateUpdate(
                    context,
                    id: id.description,
                    content: content,
                    expecting: stored.revision,
                    at: now
                )
            }
            if let updated { return updated }
        }
        throw APIError(
            .unavailable,
            "The experiment template \(id) is being changed by many at once.",
            retryAfter: 1
        )
    }

    /// Of those who change one template at once, one succeeds each time.
    private static let attempts = 50

    static func template(_ stored: StoredTemplate) throws(APIError) -> ExperimentTemplate {
        do {
            return try ExperimentTemplate(stored: stored.content)
        } catch {
            let what = StoreError.unexpectedRow("template \(stored.id): \(error)")
            throw APIError(what)
        }
    }
}

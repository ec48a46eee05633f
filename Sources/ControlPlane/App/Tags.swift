import Base
import Experiments
import Store

/// What can be done with the tags of templates and experiments.
struct Tags: Sendable {
    let templates: Templates
    let experiments: ExperimentTags

    /// What has tags.
    enum Subject: Sendable {
        case template(TemplateID)
        case experiment(ExperimentID)
    }

    func tagList(_ context: OperationContext, of subject: Subject) async throws(APIError) -> [Tag] {
        switch subject {
        case .template(let id):
            try Templates.template(try await templates.templateRead(context, id)).tags
        case .experiment(let id): try await experiments.read(context, id)
        }
    }

    /// Changes tags by what they are now.
    func tagUpdate(
        _ context: OperationContext,
        of subject: Subject,
        _ change: @escaping @Sendable ([Tag]) throws(APIError) -> [Tag]
    ) async throws(APIError) {
        switch subject {
        case .template(let id):
            _ = try await templates.templateUpdate(context, id) { template throws(APIError) in
                var template = template
                template.tags = try change(template.tags)
                return template
            }
        case .experiment(let id): try await experiments.update(context, id, change)
        }
    }
}

/// How the tags of experiments are read and changed.
struct ExperimentTags: Sendable {
    typealias Change = @Sendable ([Tag]) throws(APIError) -> [Tag]

    let read: @Sendable (OperationContext, ExperimentID) async throws(APIError) -> [Tag]
    let update: @Sendable (OperationContext, ExperimentID, Change) async throws(APIError) -> Void

    /// Where there are no experiments, none has tags.
    static let none = ExperimentTags(
        read: { (_, id) async throws(APIError) in throw unknown(id) },
        update: { (_, id, _) async throws(APIError) in throw unknown(id) }
    )

    private static func unknown(_ id: ExperimentID) -> APIError {
        .notFound("There is no experiment \(id) in this account.")
    }
}

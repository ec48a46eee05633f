import Base
import Experiments
import Store

/// What can be done with the tags of templates and experiments.
struct Tags: Sendable {
    let templates: Templates
    let experiments: ExperimentRuns

    /// What has tags.
    enum Subject: Sendable {
        case template(TemplateID)
        case experiment(ExperimentID)
    }

    func tagList(_ context: OperationContext, of subject: Subject) async throws(APIError) -> [Tag] {
        switch subject {
        case .template(let id):
            try Templates.template(try await templates.templateRead(context, id)).tags
        case .experiment(let id): Self.tags(of: try await experiments.read(context, id.description))
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
        case .experiment(let id): try await tagUpdate(context, id, change)
        }
    }

    /// Whoever changes the run at the same time is not overwritten: then the tags are read again.
    private func tagUpdate(
        _ context: OperationContext,
        _ id: ExperimentID,
        _ change: @Sendable ([Tag]) throws(APIError) -> [Tag]
    ) async throws(APIError) {
        while true {
            let row = try await experiments.read(context, id.description)
            let (tags, now) = (try change(Self.tags(of: row)).json, experiments.time.now)
            let isWritten = try await experiments.database.transaction { transaction throws(StoreError) in
                try transaction.experimentTag(context, row, tags: tags, at: now)
            }
            if isWritten { return }
        }
    }

    private static func tags(of row: Experiment) -> [Tag] {
        (row.tags.members ?? []).map { Tag($0.name, $0.value.text ?? "") }
    }
}

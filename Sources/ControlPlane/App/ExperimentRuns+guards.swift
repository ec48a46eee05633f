import Base
import Store

/// What is watched for a run, and a page of what was found.
struct GuardReport: Sendable {
    let guards: [RunGuard]
    /// Newest first.
    let evaluations: [GuardEvaluation]
}

extension ExperimentRuns {
    /// How a run's guards stand; all of them, or the one that `name` says.
    func guards(
        _ context: OperationContext,
        of id: String,
        name: String?,
        before place: EvaluationPlace?,
        limit: Int
    ) async throws(APIError) -> GuardReport {
        let report = try await database.transaction { transaction throws(StoreError) -> GuardReport? in
            if try transaction.experimentRead(context, id: id) == nil { return nil }
            return GuardReport(
                guards: try transaction.guardList(context, experiment: id).filter {
                    name == nil || $0.name == name
                },
                evaluations: try transaction.guardEvaluationList(
                    context,
                    experiment: id,
                    name: name,
                    before: place.map { ($0.at, $0.name) },
                    limit: limit
                )
            )
        }
        guard let report else { throw .unknownExperiment(id) }
        return report
    }
}

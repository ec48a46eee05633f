import Experiments
import Store

extension ExperimentRuns {
    /// Where a run stands in the line for its targets, as it is now; nil for one that does not wait.
    func standing(_ context: OperationContext, of record: RunRecord) async throws(APIError) -> QueueStanding?
    {
        if record.run.queue == nil { return nil }
        let id = record.row.id
        return try await database.statement { transaction throws(StoreError) in
            try transaction.queueRead(context, experiment: id)
        }
    }
}

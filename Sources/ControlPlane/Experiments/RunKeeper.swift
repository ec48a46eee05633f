import Base
import Experiments
import Store

/// Opens runs and writes them back: the one way by which a run that has begun is changed.
final class RunKeeper: Sendable {
    let database: Database
    let time: DeploymentTime
    let log: Logger
    private let metrics: RunMetrics

    init(database: Database, time: DeploymentTime, metrics: RunMetrics = RunMetrics(), log: Logger) {
        self.database = database
        self.time = time
        self.metrics = metrics
        self.log = log
    }

    /// The run as this version understands it; nil where it does not, and then the run is failed.
    ///
    /// What cannot be read cannot be ended on time, so it is ended now, with all its faults.
    func open(_ row: Experiment, term: Int64? = nil) async throws(StoreError) -> RunRecord? {
        do throws(StoredFormError) {
            return try RunRecord(row)
        } catch {
            log.error(
                "run unreadable",
                .field("experiment.id", row.id),
                .field("error", error.description)
            )
            metrics.add(.unreadable)
            try await abandon(row, term: term)
            return nil
        }
    }

    private func abandon(_ row: Experiment, term: Int64?) async throws(StoreError) {
        if row.endedAt != nil { return }
        let now = time.now
        let event = RunEvent(
            kind: .experiment,
            subject: row.id,
            from: row.status,
            to: RunStatus.failed.rawValue,
            reason: "This version of the server cannot read the run; all its faults were cleared.",
            at: now
        )
        let state = RunState(
            status: RunStatus.failed.rawValue,
            run: row.run,
            endedAt: now,
            events: RunRecord.link([event], after: row.eventCount, row.eventHead)
        )
        _ = try await database.statement { transaction throws(StoreError) in
            try transaction.experimentAdvance(row, term: term, ExperimentStep(state: state))
        }
    }

    /// Writes what happened to a run; says how it lies in the database then, or nil where it is no longer as it was read.
    func write(
        _ record: RunRecord,
        term: Int64? = nil,
        audit: StepAudit? = nil
    ) async throws(StoreError) -> RunRecord? {
        let (row, step) = (record.row, record.step(audit))
        Failpoint.pass(each: record.failpoints("before-commit"))
        let isWritten = try await database.statement { transaction throws(StoreError) in
            try transaction.experimentAdvance(row, term: term, step)
        }
        metrics.add(isWritten ? .step : .conflict)
        guard isWritten else { return nil }
        Failpoint.pass(each: record.failpoints("after-commit"))
        return record.written(step)
    }

    /// Changes a run by one event, whoever else is changing it: reads again as often as somebody was faster.
    ///
    /// Waits for no holder. Says how the run was left; nil where it is gone or unreadable.
    func change(
        _ first: Experiment,
        audit: StepAudit? = nil,
        _ event: @Sendable (inout Run) -> RunAnswer
    ) async throws(StoreError) -> RunRecord? {
        var row = first
        while true {
            guard var record = try await open(row) else { return nil }
            record.happened(event)
            if !record.isChanged { return record }
            if let written = try await write(record, audit: audit) { return written }
            let (id, owner) = (row.id, OperationContext(owning: row))
            let again = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentRead(owner, id: id)
            }
            // Nobody was faster: the lever does not let it happen.
            guard let again, again.revision != row.revision else { return nil }
            row = again
        }
    }
}

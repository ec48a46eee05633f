import Base
import Experiments
import Store

/// What can be asked of experiments: start, stop, read.
struct ExperimentRuns: Sendable {
    let database: DatabaseDoor
    /// Sessions that ordinary requests cannot take: what ends faults never waits behind them.
    let safety: DatabaseDoor
    let quotas: Quotas
    let time: DeploymentTime
    let delivery: Delivery
    /// What injectors report.
    let telemetry: Telemetry
    var parameters = Parameters()
    /// In whose name the service itself does things.
    let firstAccount: AccountID
    /// Has the reconciler look at once.
    let nudge: @Sendable () -> Void
    var metrics = RunMetrics()
    var guards = GuardSignals()
    /// The overlap policy of templates that have none.
    var overlap = OverlapPolicy.allow
    let memory = StartMemory()
    let log: Logger

    /// Stops a run; one that has ended stays as it is.
    func stop(_ context: OperationContext, _ id: String) async throws(APIError) -> Experiment {
        let now = time.now
        let row = try await safety.statement { transaction throws(StoreError) in
            try transaction.experimentRead(context, id: id)
        }
        guard let row else { throw .unknownExperiment(id) }
        if row.endedAt != nil { return row }
        let stopped = try await stop([row], .user, audit: StepAudit(context, "experiment.stopped", at: now))
        guard let left = stopped.first else { return try await read(context, id) }
        return left
    }

    /// Stops runs, whoever looks after them; each as it was left, those aside that are gone or unreadable.
    ///
    /// One that cannot be stopped keeps none of the others from it; what went wrong first is thrown when all were tried.
    func stop(
        _ rows: [Experiment],
        _ cause: StopCause,
        audit: StepAudit? = nil
    ) async throws(APIError) -> [Experiment] {
        let now = time.now
        let keeper = try RunKeeper(database: safety.opened(), time: time, metrics: metrics, log: log)
        defer { nudge() }
        var left: [Experiment] = []
        var failure: StoreError?
        for row in rows {
            do throws(StoreError) {
                let record = try await keeper.change(row, audit: audit) { $0.stopRequested(cause, at: now) }
                if let record { left.append(record.row) }
            } catch {
                failure = failure ?? error
            }
        }
        if !rows.isEmpty { await delivery.published() }
        if let failure { throw APIError(failure) }
        return left
    }

    func read(_ context: OperationContext, _ id: String) async throws(APIError) -> Experiment {
        let row = try await database.statement { transaction throws(StoreError) in
            try transaction.experimentRead(context, id: id)
        }
        guard let row else { throw .unknownExperiment(id) }
        return row
    }

    /// The run as it is now, in the name of its account; nil where it is gone.
    func state(of row: Experiment) async throws(APIError) -> Experiment? {
        let owner = OperationContext(owning: row)
        return try await database.statement { transaction throws(StoreError) in
            try transaction.experimentRead(owner, id: row.id)
        }
    }

    func list(
        _ context: OperationContext,
        template: String?,
        after: ListPlace?,
        limit: Int
    ) async throws(APIError) -> [ExperimentSummary] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.experimentList(context, template: template, after: after, limit: limit)
        }
    }

    func events(
        of row: Experiment,
        after number: Int,
        limit: Int
    ) async throws(APIError) -> [ExperimentEvent] {
        try await database.statement { transaction throws(StoreError) in
            try transaction.eventList(of: row, after: number, limit: limit)
        }
    }
}

extension APIError {
    static func unknownExperiment(_ id: String) -> APIError {
        .notFound("There is no experiment \(EchoedText(id)) in this account.")
    }
}

extension OperationContext {
    /// The service itself, on behalf of the account that a run belongs to.
    init(owning row: Experiment) {
        self.init(account: row.account, actor: .system, origin: .background, requestID: "run \(row.id)")
    }
}

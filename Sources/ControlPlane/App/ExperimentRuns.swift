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
    /// Has the reconciler look at once.
    let nudge: @Sendable () -> Void
    var metrics = RunMetrics()
    let log: Logger

    /// What a start is asked for.
    struct StartRequest: Sendable {
        var template: String
        var clientToken: String
        var tags: [Tag]
        var mode: Run.ActionsMode

        /// What two requests with one client token must agree in.
        var digest: [UInt8] {
            RequestDigest.of(
                "StartExperiment",
                ["template": .string(template), "mode": .string(mode.rawValue), "tags": tags.json]
            )
        }
    }

    func start(
        _ context: OperationContext,
        _ request: StartRequest
    ) async throws(APIError) -> Experiment {
        var isExact = false
        // Each round reads again what somebody changed meanwhile; more than a few in a row is no coincidence.
        for _ in 0..<8 {
            switch try await attempt(context, request, isExact: isExact) {
            case .earlier(let earlier):
                guard earlier.requestDigest == request.digest else {
                    throw APIError(.refused(.clientTokenReused))
                }
                return try await read(context, earlier.id)
            case .refused(let error): throw error
            case .tried(let new, .started(let configurations)):
                for change in new.state.changes { Failpoint.pass(change + ".after-commit") }
                nudge()
                return new.made(in: context.account, accountConfigurations: configurations)
            case .tried(_, .outdated): continue
            case .tried(_, .nearQuota): isExact = true
            case .tried(_, .overQuota(let active)):
                throw .tooManyExperiments(active: active, quota: quotas.activeExperiments ?? active)
            }
        }
        throw APIError(
            .unavailable,
            "The template or the safety lever changes faster than a run can be started from it.",
            retryAfter: 1
        )
    }

    /// How one attempt to start went.
    private enum Attempt: Sendable {
        /// The client token was used before.
        case earlier((id: String, requestDigest: [UInt8]))
        case refused(APIError)
        case tried(NewExperiment, StartOutcome)
    }

    /// Reads what a start is made from and tries to write it, in one visit to the database.
    private func attempt(
        _ context: OperationContext,
        _ request: StartRequest,
        isExact: Bool
    ) async throws(APIError) -> Attempt {
        try await database.transaction(isExact ? .standard : .statements) { transaction throws(StoreError) in
            let ground = try transaction.experimentStartGround(
                context,
                template: request.template,
                clientToken: request.clientToken
            )
            if let earlier = ground.earlier { return .earlier(earlier) }
            let new: NewExperiment
            do throws(APIError) {
                new = try newExperiment(request, ground)
            } catch {
                return .refused(error)
            }
            for change in new.state.changes { Failpoint.pass(change + ".before-commit") }
            let quota = quotas.activeExperiments
            return .tried(
                new,
                try transaction.experimentStart(context, new, quota: quota, isExact: isExact)
            )
        }
    }

    private func newExperiment(
        _ request: StartRequest,
        _ ground: StartGround
    ) throws(APIError) -> NewExperiment {
        guard let stored = ground.template else {
            throw .notFound(
                "There is no experiment template \(EchoedText(request.template)) in this account."
            )
        }
        let template: ExperimentTemplate
        do throws(TemplateProblems) {
            template = try ExperimentTemplate(stored: stored.content)
        } catch {
            throw APIError(.internalFailure, "This version of the server cannot read the template: \(error)")
        }
        let now = time.now
        var run = Run(
            id: ExperimentID.random().description,
            template: template,
            epoch: ground.lever.epoch,
            mode: request.mode,
            limits: quotas.run,
            createdAt: now
        ) { ActionPlan($0) }
        var events = [run.creation]
        if ground.lever.status != "disengaged" {
            events += run.stopRequested(.lever(Self.engagedAtStart), at: now).recorded
        }
        return NewExperiment(
            id: run.id,
            template: request.template,
            templateRevision: stored.revision,
            clientToken: request.clientToken,
            requestDigest: request.digest,
            tags: request.tags.json,
            lever: ground.lever,
            state: RunState(
                run,
                events: RunRecord.link(events, after: 0, EventChain.start(experiment: run.id))
            ),
            createdAt: now
        )
    }

    private static let engagedAtStart = "it stood engaged when the experiment was asked for."

    /// Stops a run; one that has ended stays as it is.
    func stop(_ context: OperationContext, _ id: String) async throws(APIError) -> Experiment {
        let now = time.now
        let row = try await safety.statement { transaction throws(StoreError) in
            try transaction.experimentRead(context, id: id)
        }
        guard let row else { throw .unknownExperiment(id) }
        if row.endedAt != nil { return row }
        let stopped = try await stop([row], .user, audit: (context, "experiment.stopped", now))
        guard let left = stopped.first else { return try await read(context, id) }
        return left
    }

    /// Stops runs, whoever looks after them; each as it was left, those aside that are gone or unreadable.
    ///
    /// One that cannot be stopped keeps none of the others from it; what went wrong first is thrown when all were tried.
    func stop(
        _ rows: [Experiment],
        _ cause: StopCause,
        audit: (context: OperationContext, action: String, at: Timestamp)? = nil
    ) async throws(APIError) -> [Experiment] {
        let now = time.now
        let keeper = try RunKeeper(database: safety.opened(), time: time, metrics: metrics, log: log)
        defer { nudge() }
        var left: [Experiment] = []
        var failure: StoreError?
        for row in rows {
            do throws(StoreError) {
                let record = try await keeper.change(row, audit: audit) { $0.stopRequested(cause, at: now) }
                if let record { left.append(record.written) }
            } catch {
                failure = failure ?? error
            }
        }
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

    static func tooManyExperiments(active: Int, quota: Int) -> APIError {
        APIError(
            .quotaExceeded,
            "\(active) experiments of this account have not ended, and \(quota) may be active at once. "
                + "Stop one, or wait until one ends."
        )
    }
}

extension OperationContext {
    /// The service itself, on behalf of the account that a run belongs to.
    init(owning row: Experiment) {
        self.init(account: row.account, actor: .system, origin: .background, requestID: "run \(row.id)")
    }
}

import Base
import Experiments
import Store

/// Starting: the run is made with its first step, so that what it does first is done when the answer comes.
///
/// Its targets are looked for and its first faults published in the same visit to the database, and all of it is written with one
/// statement. Whoever dies in the middle leaves nothing, and no run waits for somebody to take it up.
extension ExperimentRuns {
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
    ) async throws(APIError) -> RunRecord {
        let now = time.now
        // The database must know of the halt before it can cancel a start for it.
        guard await delivery.halt.isRecorded(within: .seconds(5)) else { throw .haltUnrecorded }
        let key = StartMemory.Key(account: context.account, template: request.template)
        var basis = memory.recall(key)
        var isExact = false
        var behind: String?
        // Each round reads again what somebody changed meanwhile; more than a few in a row is no coincidence.
        for _ in 0..<8 {
            switch try await attempt(context, request, basis, at: now, isExact: isExact, behind: behind) {
            case .earlier(let earlier): return try await opened(context, request, earlier)
            case .refused(let error): throw error
            case .tried(let record, let used, .started(let configurations, let beside)):
                if basis == nil { memory.remember(used, for: key) }
                metrics.add(.step)
                // Who looks after runs looks every second by itself; those that were in the way may be gone.
                if let due = record.run.nextDue, record.run.queue != nil || due < time.now + .seconds(1) {
                    nudge()
                }
                if record.run.isAwaitingGuards { guards.look() }
                if record.hasFaults { await delivery.published() }
                return await warned(record.with(accountConfigurations: configurations), of: beside, at: now)
            case .tried(let record, let used, .held(let holders)):
                // The same request, sent twice at once, may be the one that holds them.
                if let earlier = try await earlier(context, request) { return earlier }
                guard record.run.overlap == .queue else { throw .held(holders, record.run.overlap) }
                (basis, behind) = (used, holders.sentence)
            case .tried(_, _, .outdated):
                memory.forget(key)
                basis = nil
            case .tried(_, let used, .nearQuota): (isExact, basis) = (true, used)
            case .tried(_, _, .overQuota(let active)):
                // The same request, sent twice at once, may have taken the last place itself.
                if let earlier = try await earlier(context, request) { return earlier }
                throw .tooManyExperiments(active: active, quota: quotas.activeExperiments ?? active)
            }
        }
        throw .notStarted(isLate: now + quotas.startWithin < time.now, limit: quotas.startWithin)
    }

    /// Notes in a run's history who else is on its targets.
    ///
    /// The run has begun, whatever comes of the note.
    private func warned(_ record: RunRecord, of others: [TargetHolder], at now: Timestamp) async -> RunRecord
    {
        if others.isEmpty { return record }
        let overlap = others.overlap
        do {
            let keeper = try RunKeeper(database: database.opened(), time: time, metrics: metrics, log: log)
            return try await keeper.change(record.row) { $0.overlapped(overlap, at: now) } ?? record
        } catch {
            log.warning(
                "overlap not noted",
                .field("experiment.id", record.row.id),
                .field("error", "\(error)")
            )
            return record
        }
    }

    /// The run that the client token made before, if the same was asked for then.
    private func opened(
        _ context: OperationContext,
        _ request: StartRequest,
        _ earlier: (id: String, requestDigest: [UInt8])
    ) async throws(APIError) -> RunRecord {
        guard earlier.requestDigest == request.digest else { throw APIError(.refused(.clientTokenReused)) }
        return try .opened(await read(context, earlier.id))
    }

    private func earlier(
        _ context: OperationContext,
        _ request: StartRequest
    ) async throws(APIError) -> RunRecord? {
        let ground = try await database.statement { transaction throws(StoreError) in
            try transaction.experimentStartGround(
                context,
                template: request.template,
                clientToken: request.clientToken
            )
        }
        guard let earlier = ground.earlier else { return nil }
        return try await opened(context, request, earlier)
    }

    /// How one attempt to start went.
    private enum Attempt: Sendable {
        /// The client token was used before.
        case earlier((id: String, requestDigest: [UInt8]))
        case refused(APIError)
        /// With the run as it is if it was made.
        case tried(RunRecord, StartBasis, StartOutcome)
    }

    /// Tries to write a run, in one visit to the database; reads what it is made from unless that is known already.
    ///
    /// `behind` says who was found on its targets the time before: then it gets in line.
    private func attempt(
        _ context: OperationContext,
        _ request: StartRequest,
        _ known: StartBasis?,
        at now: Timestamp,
        isExact: Bool,
        behind: String?
    ) async throws(APIError) -> Attempt {
        try await database.transaction(.statements) { transaction throws(StoreError) in
            let basis: StartBasis
            if let known {
                basis = known
            } else {
                let ground = try transaction.experimentStartGround(
                    context,
                    template: request.template,
                    clientToken: request.clientToken
                )
                if let earlier = ground.earlier { return .earlier(earlier) }
                do throws(APIError) {
                    basis = try StartBasis(ground, of: request.template)
                } catch {
                    return .refused(error)
                }
            }
            let seed = seed(context, request, basis, at: now)
            var record = try firstStep(of: seed, basis.lever, transaction)
            if let behind, !record.run.heldTargets.isEmpty {
                record = seed.queued(after: record, behind: behind, log)
            }
            let audit = StepAudit(
                context,
                "experiment.started",
                details: ["template": .string(request.template)],
                at: now
            )
            let new = NewExperiment(
                record.row,
                record.step(audit),
                leverStatus: basis.lever.status,
                templateRevision: basis.revision,
                clientToken: request.clientToken,
                requestDigest: request.digest,
                startWithin: quotas.startWithin,
                copiesAccounts: basis.template.options.accountTargeting == .multiple
            )
            Failpoint.pass(each: record.failpoints("before-commit"))
            let quota = quotas.activeExperiments
            let outcome = try transaction.experimentStart(context, new, quota: quota, isExact: isExact)
            if case .started = outcome { Failpoint.pass(each: record.failpoints("after-commit")) }
            return .tried(record.written(new.step), basis, outcome)
        }
    }

    /// The run as the template has it, before anything happened.
    private func seed(
        _ context: OperationContext,
        _ request: StartRequest,
        _ basis: StartBasis,
        at now: Timestamp
    ) -> RunRecord {
        let run = Run(
            id: ExperimentID.random().description,
            template: basis.template,
            epoch: basis.lever.epoch,
            mode: request.mode,
            overlap: basis.template.options.overlapPolicy ?? overlap,
            limits: quotas.run,
            createdAt: now
        ) { ActionPlan($0) }
        let row = Experiment(
            new: run.id,
            account: context.account,
            template: request.template,
            tags: request.tags.json,
            epoch: run.epoch,
            createdAt: run.createdAt,
            eventHead: EventChain.start(experiment: run.id)
        )
        return RunRecord(beginning: run, row)
    }

    /// Takes the run as far as it goes now: to its first actions, or to its end where the lever or its targets forbid it.
    private func firstStep(
        of seed: RunRecord,
        _ lever: LeverState,
        _ transaction: borrowing Transaction
    ) throws(StoreError) -> RunRecord {
        var record = seed
        let (now, account) = (seed.run.createdAt, seed.row.account)
        if lever.status != "disengaged" {
            record.happened { $0.stopRequested(.lever(Self.engagedAtStart), at: now) }
        }
        if record.happened({ $0.timePassed(at: now) }) {
            // Whoever polled a moment ago exists.
            try delivery.sightings.flush(in: transaction, at: now)
            let resolver = TargetResolver(quotas: quotas)
            let outcome = try resolver.outcome(of: record.run, account: account, at: now, in: transaction)
            record.targetsResolved(outcome, at: time.now, log)
        }
        return record
    }

    private static let engagedAtStart = "it stood engaged when the experiment was asked for."
}

extension APIError {
    fileprivate static func notStarted(isLate: Bool, limit: Duration) -> APIError {
        let why =
            isLate
            ? "The start was held up for more than \(Int(limit.inSeconds)) s and was given up"
            : "The template or the safety lever changes faster than a run can be started from it"
        return APIError(.unavailable, "\(why); nothing was started.", retryAfter: 1)
    }

    /// The targets are somebody else's, or somebody else is there and the template wants them alone.
    fileprivate static func held(_ holders: [TargetHolder], _ policy: OverlapPolicy) -> APIError {
        guard let first = holders.first else { return APIError(.conflict, "Its targets are not free.") }
        let why =
            policy.isExclusive
            ? "this template's overlap policy is \(policy.rawValue)"
            : "that experiment's overlap policy lets no other run beside it"
        return APIError(
            .conflict,
            "Target \(first.target) is \(first.standing): \(why), so nothing was started."
        )
    }

    fileprivate static var haltUnrecorded: APIError {
        APIError(
            .unavailable,
            "The safety lever is engaged and the database does not know of it yet; nothing was started.",
            retryAfter: 1
        )
    }

    fileprivate static func tooManyExperiments(active: Int, quota: Int) -> APIError {
        APIError(
            .quotaExceeded,
            "\(active) experiments of this account have not ended, and \(quota) may be active at once. "
                + "Stop one, or wait until one ends."
        )
    }
}

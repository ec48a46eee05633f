import Base
import Experiments
import SafetyLever
import Store

/// What can be done with the safety lever, which stops everything and keeps it stopped.
///
/// One way to engage it, whoever asks and in whatever words. This node serves nothing from its first step on; the answer waits until the
/// engagement is on the disk or in the database; then every run is stopped, and the lever is engaged once nothing is left that runs.
struct EmergencyStop: Sendable {
    let runs: ExperimentRuns
    let halt: Halt
    let time: DeploymentTime

    private static let batch = 100
    /// How long an answer waits for runs to stop where nobody says how long.
    static let patience: Duration = .seconds(1)
    /// How much longer it waits for either record.
    private static let despair: Duration = .seconds(5)

    /// What happens to an engagement, as it happens.
    private enum Step: Sendable {
        case latched
        case notLatched(SystemError)
        case recorded
        case notRecorded(APIError)
        /// Every run that could be stopped is, or it is known why one could not.
        case settled
        case timeUp
        /// Neither record has come for so long that whoever asked must be told.
        case hopeless
    }

    /// Engages; returns once that will survive this process, and its runs have stopped or `patience` is over.
    func engage(
        _ context: OperationContext,
        reason: String,
        patience: Duration = Self.patience
    ) async throws(APIError) {
        let latch = halt.engage(reason: reason, by: context.actor.description)
        let (steps, step) = AsyncStream.makeStream(of: Step.self)
        Task { await tell(latch) }
        Task { step.yield(await latched()) }
        Task {
            do throws(APIError) {
                let recorded = try await recorded(latch, context, reason: reason)
                step.yield(.recorded)
                try await settle(recorded)
            } catch {
                halt.recording.nudge()
                step.yield(.notRecorded(error))
            }
            step.yield(.settled)
        }
        let timer = Task {
            try await Task.sleep(for: patience)
            step.yield(.timeUp)
            try await Task.sleep(for: Self.despair)
            step.yield(.hopeless)
        }
        defer { timer.cancel() }
        try await Self.follow(steps)
    }

    /// Goes on when one of the two records is there, and then when nothing is left to wait for.
    private static func follow(_ steps: AsyncStream<Step>) async throws(APIError) {
        var (isDurable, isSettled, isLate) = (false, false, false)
        var (diskFailure, recordFailure): (SystemError?, APIError?)
        for await step in steps {
            switch step {
            case .latched, .recorded: isDurable = true
            case .notLatched(let error): diskFailure = error
            case .notRecorded(let error): recordFailure = error
            case .settled: isSettled = true
            case .timeUp: isLate = true
            case .hopeless: if !isDurable { throw .notDurable(diskFailure, recordFailure) }
            }
            if isDurable {
                if isSettled || isLate { return }
            } else if let diskFailure, let recordFailure {
                throw .notDurable(diskFailure, recordFailure)
            }
        }
    }

    private func latched() async -> Step { await halt.saveOrLog().map { .notLatched($0) } ?? .latched }

    private func tell(_ latch: Latch) async { await halt.peers.tell(latch) }

    /// Has the database know of what was asked for just now: if that turns out to be over, of a new engagement.
    private func recorded(
        _ latch: Latch,
        _ context: OperationContext,
        reason: String
    ) async throws(APIError) -> Latch {
        var latch = latch
        while try await !record(latch, context, reason: reason) {
            latch = halt.engage(reason: reason, by: context.actor.description)
        }
        return latch
    }

    /// Has the database know of an engagement; one that is over there is let go here, and then it says false.
    private func record(
        _ latch: Latch,
        _ context: OperationContext,
        reason: String
    ) async throws(APIError) -> Bool {
        let engagement = LeverEngagement(
            id: latch.id,
            epoch: latch.epoch,
            reason: latch.reason,
            by: latch.by,
            at: Timestamp(nanoseconds: latch.engagedAt)
        )
        let now = time.now
        let lever = try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverEngage(context, engagement, reason: reason, at: now)
        }
        if let lever {
            halt.recorded(latch.id, epoch: lever.state.epoch, under: lever.engagementID)
        } else {
            halt.over(latch.id)
        }
        await runs.delivery.published()
        return lever != nil
    }

    /// Stops every run there is; the lever is engaged once nothing is left.
    private func settle(_ latch: Latch) async throws(APIError) {
        try await stopEverything(.lever(latch.reason))
        let now = time.now
        _ = try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverSettle(at: now)
        }
        await runs.delivery.published()
    }

    private func stopEverything(
        _ cause: StopCause,
        where isConcerned: (Experiment) -> Bool = { _ in true }
    ) async throws(APIError) {
        var last = ""
        while true {
            let after = last
            let rows = try await runs.safety.statement { transaction throws(StoreError) in
                try transaction.experimentListActive(after: after, limit: Self.batch)
            }
            let stopped = try await runs.stop(rows.filter(isConcerned), cause)
            halt.stopped(stopped.map { Halt.StoppedRun(account: $0.account, id: $0.id) })
            guard let end = rows.last else { return }
            last = end.id
        }
    }

    /// Does what could not be done when a halt began: brings the disk, the database and the peers up to it.
    func catchUp() async throws(APIError) {
        if !halt.isSaved { await halt.saveOrLog() }
        // A peer that hangs holds nothing else up, and is told again.
        if let standing = halt.book.lever.standing { Task { await tell(standing) } }
        for latch in halt.book.lever.unrecorded {
            let stands = try await record(latch, background(latch.id), reason: latch.reason)
            if stands { try await settle(latch) }
        }
        if halt.book.lever.isAhead { try await bringUp(to: halt.book.lever.epoch) }
    }

    private func background(_ id: String) -> OperationContext {
        OperationContext(account: runs.firstAccount, actor: .system, origin: .background, requestID: id)
    }

    /// This node stands in an epoch that the database has not reached, because it heard late of a halt that was over.
    ///
    /// Whoever polled here was told of that epoch, so everybody must come up to it; the runs of the lower one are served no more.
    private func bringUp(to epoch: Int64) async throws(APIError) {
        let (now, context) = (time.now, background("epoch \(epoch)"))
        halt.log.warning("halt epoch raised", .field("lever.epoch", epoch))
        try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverRaise(context, to: epoch, at: now)
        }
        await runs.delivery.published()
        let reason = "A message of an earlier halt came late, and nothing of before it is served any more."
        try await stopEverything(.lever(reason)) { $0.epoch < epoch }
    }

    /// The lever as this node knows it, which is at most a second behind what another one did.
    var status: LeverRecord.Status { halt.status(halt.book.lever) }

    /// Why it stands as it does.
    var reason: String {
        let memory = halt.book.lever
        return memory.standing?.reason ?? memory.record?.reason ?? ""
    }

    /// How the halt in force stands, waited for until all are off and nothing runs, but no longer than to that moment.
    func proof(waitingUntil deadline: Instant = .now) async -> HaltProof {
        while true {
            let proof = await halt.proof()
            if proof.isOver, proof.status != .engaging { return proof }
            if Instant.now >= deadline { return proof }
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return proof }
        }
    }

    /// Engages for one account only: its runs are stopped, and nothing keeps the next ones from starting.
    func accountStop(_ context: OperationContext) async throws(APIError) -> [Experiment] {
        let rows = try await runs.safety.statement { transaction throws(StoreError) in
            try transaction.experimentListActive(context)
        }
        return try await runs.stop(rows, .user, audit: StepAudit(context, "experiment.stopped", at: time.now))
    }

    /// Disengages; whatever the database does not know of is recorded first, so that all of it ends.
    func leverDisengage(_ context: OperationContext, reason: String) async throws(APIError) {
        try await catchUp()
        let now = time.now
        _ = try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverDisengage(context, reason: reason, at: now)
        }
        await runs.delivery.published()
        await halt.saveOrLog()
    }
}

extension APIError {
    /// The faults are off here, and whoever pulled the lever must know that a restart would bring them back.
    fileprivate static func notDurable(_ disk: SystemError?, _ database: APIError?) -> APIError {
        let latch =
            disk.map { "the disk refused the latch (\($0.reason))" } ?? "the disk has not taken the latch"
        let record = database == nil ? "has not answered" : "did not take it"
        return APIError(
            .unavailable,
            "This node serves no faults any more, but that would not survive its end: \(latch), and the database "
                + "\(record) either. Ask again, or stop the node for good.",
            detail: Detail("latch: \(disk?.description ?? "-"), database: \(database?.message ?? "-")"),
            retryAfter: 1
        )
    }
}

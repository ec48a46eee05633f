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

    /// What happens to an engagement, as it happens.
    private enum Step: Sendable {
        case latched
        case notLatched(SystemError)
        case recorded
        case notRecorded(APIError)
        /// Every run that could be stopped is, or it is known why one could not.
        case settled
        case timeUp
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
                try await record(latch, context, reason: reason)
                step.yield(.recorded)
                try await settle(latch)
            } catch {
                halt.recording.nudge()
                step.yield(.notRecorded(error))
            }
            step.yield(.settled)
        }
        let timer = Task {
            try await Task.sleep(for: patience)
            step.yield(.timeUp)
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
            }
            if isDurable, isSettled || isLate { return }
            if let diskFailure, let recordFailure { throw .notDurable(diskFailure, recordFailure) }
        }
    }

    private func latched() async -> Step {
        do throws(SystemError) {
            try await halt.save()
            return .latched
        } catch {
            halt.log.error("latch not written", .field("error", error))
            return .notLatched(error)
        }
    }

    private func tell(_ latch: Latch) async { await halt.peers.tell(latch) }

    /// Has the database know of an engagement; one that is over there is let go here.
    func record(_ latch: Latch, _ context: OperationContext, reason: String) async throws(APIError) {
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
        if let lever { halt.recorded(latch.id, epoch: lever.state.epoch) }
        await runs.delivery.published()
    }

    /// Stops every run there is; the lever is engaged once nothing is left.
    private func settle(_ latch: Latch) async throws(APIError) {
        var last = ""
        while true {
            let after = last
            let rows = try await runs.safety.statement { transaction throws(StoreError) in
                try transaction.experimentListActive(after: after, limit: Self.batch)
            }
            let stopped = try await runs.stop(rows, .lever(latch.reason))
            halt.stopped(stopped.map { Halt.StoppedRun(account: $0.account, id: $0.id) }, by: latch.id)
            guard let end = rows.last else { break }
            last = end.id
        }
        let now = time.now
        _ = try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverSettle(at: now)
        }
        await runs.delivery.published()
    }

    /// Does what could not be done when a halt began: brings the disk, the database and the peers up to it.
    func catchUp() async throws(APIError) {
        let firstAccount = runs.firstAccount
        if !halt.isSaved { _ = await latched() }
        if let standing = halt.book.lever.standing { await tell(standing) }
        for latch in halt.book.lever.unrecorded {
            let context = OperationContext(
                account: firstAccount,
                actor: .system,
                origin: .background,
                requestID: latch.id
            )
            try await record(latch, context, reason: latch.reason)
            try await settle(latch)
        }
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
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return proof }
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
        _ = await latched()
    }
}

extension APIError {
    /// The faults are off here, and whoever pulled the lever must know that a restart would bring them back.
    fileprivate static func notDurable(_ disk: SystemError, _ database: APIError) -> APIError {
        APIError(
            .unavailable,
            "This node serves no faults any more, but that would not survive its end: the disk refused the latch "
                + "(\(disk.reason)), and the database did not take it either. Ask again, or stop the node for good.",
            detail: Detail("latch: \(disk), database: \(database.message)"),
            retryAfter: 1
        )
    }
}

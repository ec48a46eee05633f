import Base
import Experiments
import SafetyLever
import Store

/// Looks at the guards of all runs: asks what has to be asked, ends the runs whose conditions are bad, and lets the faults of the others
/// be served for another lease.
///
/// Whichever node finds a guard due looks at it. Its faults may be served for a lease after the look *began*, by the database's clock:
/// so they end wherever the looking stops, because a node died or was frozen or because the database is away.
final class GuardKeeper: Sendable {
    private static let batch = 2_000

    let keeper: RunKeeper
    let sources: ConditionSources
    let delivery: Delivery
    let ledger: GuardLedger
    let metrics: GuardMetrics
    /// Has the reconciler look at once.
    let nudge: @Sendable () -> Void
    /// Rounds that somebody should carry out; one may begin while another still waits for slow answers.
    let rounds: AsyncStream<GuardRound>
    private let newRounds: AsyncStream<GuardRound>.Continuation
    private let duties = Locked(GuardDuties())
    /// What was found of runs that should have ended by it and could not, and when that was last found.
    private let breaches = Locked<[String: (breach: Breach, at: Instant)]>([:])
    /// Many that go off at once take turns to be written.
    private let turns = Turns(3)

    /// What ends a run: which condition, and what was found.
    struct Breach: Sendable {
        let condition: String
        let text: String
        /// Whether it was not bad, but could not be read.
        var isUnreadable = false
        /// Whether it is bad only where nothing is published yet.
        var isEarly = false
    }

    init(
        keeper: RunKeeper,
        sources: ConditionSources,
        delivery: Delivery,
        metrics: GuardMetrics,
        nudge: @escaping @Sendable () -> Void
    ) {
        self.keeper = keeper
        self.sources = sources
        self.delivery = delivery
        self.metrics = metrics
        self.nudge = nudge
        ledger = GuardLedger(keeper.database, log: keeper.log)
        (rounds, newRounds) = AsyncStream.makeStream()
    }

    var lease: Duration { delivery.book.lease }

    /// How often a guard is looked at: often enough that the lease is never nearly over while all is well.
    var pace: Duration { Self.pace(of: lease) }

    /// How long the answers to one look may take.
    var budget: Duration { Self.budget(of: lease) }

    /// How often it is looked whether a guard is due.
    var tick: Duration { pace / 6 }

    static func pace(of lease: Duration) -> Duration { min(.seconds(5), lease / 5) }
    static func budget(of lease: Duration) -> Duration { min(.seconds(4), lease / 6) }

    /// Takes what is due and has it looked at.
    func turn() async throws(StoreError) {
        let begun = delivery.clock.now()
        // A look comes at the next tick after it is due.
        let pace = pace - tick
        let claims = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.guardClaim(pace: pace, limit: Self.batch)
        }
        if claims.isEmpty { return }
        var (known, unknown): ([GuardRound.Guarded], [GuardClaim]) = ([], [])
        duties.withLock { duties in
            for claim in claims {
                if let duty = duties.recall(claim.duty.key) {
                    known.append(.understood(claim, duty))
                } else {
                    unknown.append(claim)
                }
            }
        }
        let deadline = begun + budget
        if !known.isEmpty { newRounds.yield(GuardRound(self, known, deadline: deadline)) }
        if unknown.isEmpty { return }
        let ids = unknown.map(\.duty.experiment)
        let rows = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.experimentListNamed(ids)
        }
        let rowsByID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        var found: [GuardRound.Guarded] = []
        for claim in unknown {
            if let one = await understand(claim, rowsByID[claim.duty.experiment]) { found.append(one) }
        }
        newRounds.yield(GuardRound(self, found, deadline: deadline))
    }

    /// What a guard is about; nil where that cannot be found out now.
    private func understand(_ claim: GuardClaim, _ row: Experiment?) async -> GuardRound.Guarded? {
        guard let row else { return .senseless(claim, "The run is gone.") }
        let record: RunRecord?
        do throws(StoreError) {
            record = try await keeper.open(row)
        } catch {
            log("guard not understood", claim.duty, error)
            return nil
        }
        guard let record else { return .senseless(claim, "This version of the server cannot read the run.") }
        do throws(ConditionProblem) {
            let duty = try GuardDuty(claim.duty.key, of: record.run, account: row.account)
            duties.withLock { $0.remember(duty) }
            return .understood(claim, duty)
        } catch {
            return .senseless(claim, "\(claim.duty.name): \(error.message).")
        }
    }

    /// A guard that means nothing to this version guards nothing: the run ends, and the guard with it.
    func conclude(senseless claim: GuardClaim, _ reason: String) async {
        var look = GuardLook(claim, state: claim.duty.state, readings: [])
        if claim.duty.name == GuardName.hypothesis, claim.stage != .waiting {
            look.isOver = await judge(claim.duty, reason)
        } else if claim.stage == .over {
            look.isOver = true
        } else {
            _ = await end(claim.duty, Breach(condition: claim.duty.name, text: reason, isUnreadable: true))
        }
        await ledger.keep(look)
    }

    /// What was found before of a run that should have ended by it.
    func unwritten(of experiment: String) -> Breach? { breaches.withLock { $0[experiment]?.breach } }

    func remember(_ breach: Breach, of experiment: String) {
        let now = delivery.clock.now()
        breaches.withLock { breaches in
            // A run that nobody looks at any more has ended.
            if breaches.count >= Self.batch {
                breaches = breaches.filter { now - $0.value.at < .seconds(300) }
            }
            breaches[experiment] = (breach, now)
        }
    }

    func forget(breachOf experiment: String) { breaches.withLock { $0[experiment] = nil } }

    /// Tells a run what was found; false where that could not be written.
    func change(_ duty: RunGuard, _ event: @Sendable (inout Run) -> RunAnswer) async -> Bool {
        await turns.take()
        let isChanged = await changeNow(duty, event)
        await turns.give()
        guard let isChanged else { return false }
        if isChanged {
            nudge()
            await delivery.published()
        }
        return true
    }

    /// Whether that changed the run; nil where it could not be written.
    private func changeNow(
        _ duty: RunGuard,
        _ event: @Sendable (inout Run) -> RunAnswer
    ) async -> Bool? {
        let owner = OperationContext(
            account: duty.account,
            actor: .system,
            origin: .background,
            requestID: "guard of \(duty.experiment)"
        )
        do throws(StoreError) {
            let row = try await keeper.database.statement { transaction throws(StoreError) in
                try transaction.experimentRead(owner, id: duty.experiment)
            }
            guard let row else { return false }
            guard let record = try await keeper.change(row, event) else {
                return row.endedAt == nil ? nil : false
            }
            return record.row.revision != row.revision
        } catch {
            log("run not told of its guard", duty, error)
            return nil
        }
    }

    private func log(_ message: StaticString, _ duty: RunGuard, _ error: StoreError) {
        keeper.log.error(message, .field("experiment.id", duty.experiment), .field("error", error))
    }
}

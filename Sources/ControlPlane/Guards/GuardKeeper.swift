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
    /// Runs that should have been stopped and could not be, and why.
    private let unstopped = Locked<[String: Breach]>([:])

    /// What ends a run: which condition, and what was found.
    struct Breach: Sendable {
        let condition: String
        let text: String
        /// Whether it was not bad, but could not be read.
        var isUnreadable = false
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

    static func pace(of lease: Duration) -> Duration { min(.seconds(5), lease / 5) }
    static func budget(of lease: Duration) -> Duration { min(.seconds(4), lease / 6) }

    /// Takes what is due and has it looked at.
    func turn() async throws(StoreError) {
        let begun = delivery.clock.now()
        let pace = pace
        let claims = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.guardClaim(pace: pace, limit: Self.batch)
        }
        if claims.isEmpty { return }
        let found = try await find(claims)
        if !found.isEmpty { newRounds.yield(GuardRound(self, found, deadline: begun + budget)) }
    }

    /// What the guards are about; one whose run cannot be understood ends that run.
    private func find(_ claims: [GuardClaim]) async throws(StoreError) -> [(GuardClaim, GuardDuty)] {
        var found: [(GuardClaim, GuardDuty)] = []
        var unknown: [GuardClaim] = []
        duties.withLock { duties in
            for claim in claims {
                if let duty = duties.recall(claim.duty.key) {
                    found.append((claim, duty))
                } else {
                    unknown.append(claim)
                }
            }
        }
        if unknown.isEmpty { return found }
        let ids = unknown.map(\.duty.experiment)
        let rows = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.experimentListNamed(ids)
        }
        let rowsByID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        for claim in unknown {
            guard let row = rowsByID[claim.duty.experiment], let record = try await keeper.open(row) else {
                continue
            }
            do throws(ConditionProblem) {
                let duty = try GuardDuty(claim.duty.key, of: record.run, account: row.account)
                duties.withLock { $0.remember(duty) }
                found.append((claim, duty))
            } catch {
                await end(
                    claim.duty,
                    Breach(condition: claim.duty.name, text: "\(claim.duty.name): \(error.message).")
                )
            }
        }
        return found
    }

    /// What was found before of a run that should have ended and did not.
    func breach(of experiment: String) -> Breach? { unstopped.withLock { $0[experiment] } }

    /// Ends a run, with all its faults; what fails is tried again at the next look, whatever that finds.
    func end(_ duty: RunGuard, _ breach: Breach) async {
        unstopped.withLock { $0[duty.experiment] = breach }
        let now = keeper.time.now
        let isDone = await change(duty) { run in run.guardBreached(breach.condition, breach.text, at: now) }
        if isDone { unstopped.withLock { $0[duty.experiment] = nil } }
    }

    /// Tells a run what was found; false where that could not be written.
    func change(_ duty: RunGuard, _ event: @Sendable (inout Run) -> RunAnswer) async -> Bool {
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
            guard let row else { return true }
            if try await keeper.change(row, event) != nil {
                nudge()
                await delivery.published()
            }
            return true
        } catch {
            keeper.log.error(
                "run not told of its guard",
                .field("experiment.id", duty.experiment),
                .field("error", error)
            )
            return false
        }
    }
}

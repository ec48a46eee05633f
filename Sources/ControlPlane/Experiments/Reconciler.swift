import Base
import Experiments
import Store

/// Takes every run of the deployment a step further when its time has come.
///
/// It is told nothing: it reads what is due, thinks each run's step out, and writes it with one statement that does nothing if
/// anything has changed meanwhile. Any node may take any step, so that nothing waits for a node that is gone, and a node that was
/// frozen in the middle wakes up to a term that is over.
final class Reconciler: Sendable {
    /// How long a node may think about a run that it has claimed.
    private static let claimLease: Duration = .seconds(5)
    private static let batch = 32
    /// How long whoever engages the lever has all runs to itself.
    private static let engagingTime: Duration = .seconds(2)

    private let keeper: RunKeeper
    private let resolver: TargetResolver
    private let node: String
    private let delivery: Delivery

    init(
        database: Database,
        node: String,
        quotas: Quotas,
        time: DeploymentTime,
        delivery: Delivery,
        metrics: RunMetrics = RunMetrics(),
        log: Logger
    ) {
        self.node = node
        self.delivery = delivery
        keeper = RunKeeper(database: database, time: time, metrics: metrics, log: log)
        resolver = TargetResolver(quotas: quotas)
    }

    private var database: Database { keeper.database }
    private var time: DeploymentTime { keeper.time }

    /// Does everything that is due; says when it should look again, or nil where nothing runs.
    @discardableResult
    func turn() async throws(StoreError) -> Timestamp? {
        while true {
            let claimed = try await claim()
            for claim in claimed {
                try await isolated(claim.experiment) { () throws(StoreError) in try await step(claim) }
            }
            if !claimed.isEmpty { await delivery.published() }
            if claimed.count < Self.batch { break }
        }
        return try await lookAhead()
    }

    /// Lets no run that always fails keep the others from their turn; a database that is away is everybody's trouble.
    private func isolated(
        _ run: Experiment,
        _ work: () async throws(StoreError) -> Void
    ) async throws(StoreError) {
        do throws(StoreError) {
            try await work()
        } catch {
            if error.isTemporary { throw error }
            keeper.log.error("run not driven", .field("experiment.id", run.id), .field("error", error))
        }
    }

    private func claim() async throws(StoreError) -> [ClaimedExperiment] {
        let (node, now) = (node, time.now)
        return try await database.statement { transaction throws(StoreError) in
            try transaction.experimentClaim(node: node, lease: Self.claimLease, limit: Self.batch, at: now)
        }
    }

    /// Says when the next run is due, lets runs begin whose targets have become free, and ends an engagement whose runs have all
    /// stopped, whichever node began it.
    private func lookAhead() async throws(StoreError) -> Timestamp? {
        var outlook = try await outlook()
        if outlook.hasQueue, try await promote() > 0 { outlook = try await self.outlook() }
        if outlook.leverStatus != "engaging" { return outlook.nextDue }
        return try await settleLever() ? outlook.nextDue : time.now
    }

    private func outlook() async throws(StoreError) -> ExperimentOutlook {
        try await database.statement { transaction throws(StoreError) in try transaction.experimentOutlook() }
    }

    /// Lets runs begin that waited and whose targets look free; says how many did.
    ///
    /// Whoever looked first on another node, or got hold of a target meanwhile, keeps the statement from writing anything.
    private func promote() async throws(StoreError) -> Int {
        let ready = try await database.statement { transaction throws(StoreError) in
            try transaction.queueListReady(limit: Self.batch)
        }
        var promoted = 0
        for row in ready {
            try await isolated(row) { () throws(StoreError) in
                guard var record = try await keeper.open(row), record.run.queue != nil else { return }
                let now = time.now
                record.happened(keeper.log) { run throws(RunRefusal) in try run.promoted(at: now) }
                if try await keeper.write(record) != nil { promoted += 1 }
            }
        }
        if promoted > 0 { await delivery.published() }
        return promoted
    }

    /// A node that died while it engaged the lever leaves runs that nobody has stopped: those are stopped here.
    ///
    /// False where it did, and somebody must look again.
    private func settleLever() async throws(StoreError) -> Bool {
        let now = time.now
        let left = try await database.transaction { transaction throws(StoreError) in
            try transaction.leverSettle(at: now) ? nil : transaction.leverRead()
        }
        if left == nil { await delivery.published() }
        guard let left, let since = left.changedAt, since + Self.engagingTime < now else { return true }
        try await changeAll { $0.stopRequested(.lever(left.reason), at: now) }
        return false
    }

    /// Takes one run as far as it goes now.
    private func step(_ claim: ClaimedExperiment) async throws(StoreError) {
        Failpoint.pass("reconcile.claimed")
        guard var record = try await keeper.open(claim.experiment, term: claim.term) else { return }
        let now = time.now
        if claim.lever.forbids(claim.experiment) {
            record.happened { $0.stopRequested(.lever(claim.lever.reason), at: now) }
        }
        try await hearCoverage(&record)
        try await hearQueue(&record)
        if record.happened({ $0.timePassed(at: now) }) { try await resolve(&record) }
        if try await keeper.write(record, term: claim.term) != nil { return }
        try await database.statement { transaction throws(StoreError) in
            try transaction.experimentRelease(id: claim.experiment.id, term: claim.term)
        }
    }

    /// Before it is decided that nobody held a fault: what instances have said of it, as the database knows it.
    private func hearCoverage(_ record: inout RunRecord) async throws(StoreError) {
        if record.run.awaitsCoverage.isEmpty { return }
        let (id, lease, now) = (record.row.id, delivery.book.lease, time.now)
        let sums = try await database.statement { transaction throws(StoreError) in
            try transaction.coverageSums(of: [id], freshFor: lease)
        }
        for sum in sums { record.happened { $0.covered(sum.action, CoverageCounts(sum), at: now) } }
    }

    /// Before a run gives up its place in the line: who is in its way now.
    private func hearQueue(_ record: inout RunRecord) async throws(StoreError) {
        if record.run.queue == nil { return }
        let (id, owner) = (record.row.id, OperationContext(owning: record.row))
        let standing = try await database.statement { transaction throws(StoreError) in
            try transaction.queueRead(owner, experiment: id)
        }
        guard let standing else { return }
        record.happened { $0.waited(behind: standing.inTheWay.isEmpty ? "" : standing.inTheWay.sentence) }
    }

    private func resolve(_ record: inout RunRecord) async throws(StoreError) {
        let (run, account, asked) = (record.run, record.row.account, time.now)
        let outcome = try await database.transaction(.statements) { transaction throws(StoreError) in
            try resolver.outcome(of: run, account: account, at: asked, in: transaction)
        }
        record.targetsResolved(outcome, at: time.now, keeper.log)
    }

    /// The database's clock ran back: the times of no run can be trusted any more, so all end.
    func clockRanBack() async throws(StoreError) {
        let now = time.now
        try await changeAll { $0.clockRanBack(at: now) }
    }

    /// Does the same to every run that has not ended.
    private func changeAll(_ event: @Sendable (inout Run) -> RunAnswer) async throws(StoreError) {
        var last = ""
        while true {
            let after = last
            let rows = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentListActive(after: after, limit: Self.batch)
            }
            for row in rows {
                try await isolated(row) { () throws(StoreError) in _ = try await keeper.change(row, event) }
            }
            guard let end = rows.last else { return }
            await delivery.published()
            last = end.id
        }
    }
}

extension Lever {
    /// Whether the lever keeps a run from going on: it is engaged, or was since the run began.
    func forbids(_ run: Experiment) -> Bool { state.status != "disengaged" || state.epoch != run.epoch }
}

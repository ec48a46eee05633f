import Base
import Experiments
import SafetyLever
import Store

/// Writes down how instances stand to the faults that are on, and tells the runs of it: that faults arrived, and that they ended.
///
/// Once a second, and only what has changed: the database's work grows with runs and targets, not with instances.
final class CoverageKeeper: Sendable {
    /// A fault of one target.
    private struct Key: Hashable {
        let fault: String
        let target: TargetKey

        init(fault: String, target: TargetKey) {
            self.fault = fault
            self.target = target
        }

        init(_ row: FaultCoverage) {
            fault = "\(row.experiment)/\(row.action)"
            target = TargetKey(account: row.account, target: row.target)
        }
    }

    private let keeper: RunKeeper
    private let delivery: Delivery
    private let node: String
    /// Has the reconciler look at once.
    private let nudge: @Sendable () -> Void
    private let written = Locked<[Key: FaultCoverage]>([:])
    /// Runs that were not told yet what is written.
    private let untold = Locked<Set<String>>([])

    init(keeper: RunKeeper, delivery: Delivery, node: String, nudge: @escaping @Sendable () -> Void) {
        self.keeper = keeper
        self.delivery = delivery
        self.node = node
        self.nudge = nudge
    }

    func turn() async throws(StoreError) {
        let (now, epoch) = (delivery.clock.now(), delivery.book.lever.epoch)
        var changed: [Key: FaultCoverage] = [:]
        var over: [(room: TargetRoom, faults: Set<String>)] = []
        for room in delivery.book.followed {
            let counted = room.counted(at: now, epoch: epoch, keeper.time)
            for row in counted.rows where isNew(row) { changed[Key(row)] = row }
            if !counted.over.isEmpty { over.append((room, counted.over)) }
        }
        // One account's names cannot keep another's counts from being written.
        for rows in Dictionary(grouping: changed.values, by: \.account).values {
            try await isolated { () throws(StoreError) in try await write(rows) }
        }
        try await tellAll()
        for (room, faults) in over { finish(room, faults) }
    }

    /// Nearly every second nothing is.
    private func isNew(_ row: FaultCoverage) -> Bool { written.withLock { $0[Key(row)] != row } }

    private func write(_ rows: [FaultCoverage]) async throws(StoreError) {
        let (node, now) = (node, keeper.time.now)
        try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.coverageWrite(rows, node: node, at: now)
        }
        untold.withLock { $0.formUnion(rows.map(\.experiment)) }
        written.withLock { written in for row in rows { written[Key(row)] = row } }
    }

    /// Tells runs what all nodes have counted, in a statement after the writing: of two nodes that write at once the later one sees both.
    private func tellAll() async throws(StoreError) {
        let (experiments, lease) = (untold.withLock { $0 }, delivery.book.lease)
        if experiments.isEmpty { return }
        let sums = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.coverageSums(of: experiments, freshFor: lease)
        }
        var hasChanged = false
        var waiting: Set<String> = []
        for sum in sums {
            try await isolated { () throws(StoreError) in
                let told = try await tell(sum)
                if told.hasChanged { hasChanged = true }
                // What instances on other nodes do is not heard of here.
                if told.isArming { waiting.insert(sum.experiment) }
            }
        }
        untold.withLock { $0.subtract(experiments.subtracting(waiting)) }
        guard hasChanged else { return }
        nudge()
        await delivery.published()
    }

    /// Lets nothing that always fails keep the others from their turn; a database that is away is everybody's trouble.
    private func isolated(_ work: () async throws(StoreError) -> Void) async throws(StoreError) {
        do throws(StoreError) {
            try await work()
        } catch {
            if error.isTemporary { throw error }
            keeper.log.error("coverage not kept", .field("error", error))
        }
    }

    /// Tells a run; says whether that changed it, and whether it waits for more.
    private func tell(_ sum: CoverageSum) async throws(StoreError) -> (hasChanged: Bool, isArming: Bool) {
        let context = OperationContext(
            account: sum.account,
            actor: .system,
            origin: .background,
            requestID: "coverage of \(sum.experiment)/\(sum.action)"
        )
        let row = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.experimentRead(context, id: sum.experiment)
        }
        guard let row else { return (false, false) }
        let (counts, now) = (CoverageCounts(sum), keeper.time.now)
        let record = try await keeper.change(row) { $0.covered(sum.action, counts, at: now) }
        guard let record else { return (false, false) }
        return (record.row.revision != row.revision, record.run.action(sum.action)?.isArming ?? false)
    }

    /// The last word on these faults is written: they need not be followed any more.
    private func finish(_ room: TargetRoom, _ faults: Set<String>) {
        room.withState { $0.drop(faults) }
        delivery.book.unfollow(room)
        written.withLock { written in
            for id in faults { written[Key(fault: id, target: room.key)] = nil }
        }
    }
}

extension CoverageCounts {
    init(_ sum: CoverageSum) {
        self.init(
            seen: sum.seen,
            holding: sum.holding,
            held: sum.held,
            cleared: sum.cleared,
            untracked: sum.untracked,
            refusal: sum.refusal
        )
    }
}

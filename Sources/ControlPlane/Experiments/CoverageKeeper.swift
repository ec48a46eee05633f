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
    private let told = Locked<[String: CoverageSum]>([:])

    init(keeper: RunKeeper, delivery: Delivery, node: String, nudge: @escaping @Sendable () -> Void) {
        self.keeper = keeper
        self.delivery = delivery
        self.node = node
        self.nudge = nudge
    }

    func turn() async throws(StoreError) {
        let (now, epoch) = (delivery.clock.now(), delivery.book.lever.epoch)
        var changed: [FaultCoverage] = []
        var over: [(room: TargetRoom, bits: UInt64)] = []
        for room in delivery.book.followed {
            let counted = room.counted(at: now, epoch: epoch, keeper.time)
            changed += counted.rows.filter(isNew)
            over.append((room, counted.over))
        }
        if !changed.isEmpty { try await write(changed) }
        for (room, bits) in over where bits != 0 { finish(room, bits) }
    }

    /// Nearly every second nothing is.
    private func isNew(_ row: FaultCoverage) -> Bool { written.withLock { $0[Key(row)] != row } }

    private func write(_ rows: [FaultCoverage]) async throws(StoreError) {
        let (node, now, lease) = (node, keeper.time.now, delivery.book.lease)
        let experiments = Set(rows.map(\.experiment))
        let sums = try await keeper.database.transaction { transaction throws(StoreError) in
            try transaction.coverageWrite(rows, node: node, at: now)
            return try transaction.coverageSums(of: experiments, freshFor: lease)
        }
        written.withLock { written in for row in rows { written[Key(row)] = row } }
        var hasChanged = false
        for sum in sums where told.withLock({ $0[sum.fault] != sum }) {
            if try await tell(sum) { hasChanged = true }
            told.withLock { $0[sum.fault] = sum }
        }
        guard hasChanged else { return }
        nudge()
        await delivery.published()
    }

    /// Tells a run; says whether that changed it.
    private func tell(_ sum: CoverageSum) async throws(StoreError) -> Bool {
        let context = OperationContext(
            account: sum.account,
            actor: .system,
            origin: .background,
            requestID: "coverage of \(sum.fault)"
        )
        let row = try await keeper.database.statement { transaction throws(StoreError) in
            try transaction.experimentRead(context, id: sum.experiment)
        }
        guard let row else { return false }
        let (counts, now) = (CoverageCounts(sum), keeper.time.now)
        let record = try await keeper.change(row) { $0.covered(sum.action, counts, at: now) }
        return record.map { $0.row.revision != row.revision } ?? false
    }

    /// The last word on these faults is written: they need not be followed any more.
    private func finish(_ room: TargetRoom, _ bits: UInt64) {
        let ended = room.withState { state in
            defer { state.drop(bits) }
            return state.tracks.filter { $0.bit & bits != 0 }.map(\.id)
        }
        delivery.book.unfollow(room)
        written.withLock { written in
            for id in ended { written[Key(fault: id, target: room.key)] = nil }
        }
        told.withLock { told in
            // What other targets still have to say of a fault is told again, which changes nothing.
            for id in ended { told[id] = nil }
        }
    }
}

extension CoverageSum {
    fileprivate var fault: String { "\(experiment)/\(action)" }
}

extension CoverageCounts {
    init(_ sum: CoverageSum) {
        self.init(seen: sum.seen, holding: sum.holding, held: sum.held, cleared: sum.cleared)
    }
}

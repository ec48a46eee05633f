import Base
import SafetyLever
import Store

extension ExperimentRuns {
    /// How instances stand to a run's faults: as every node wrote it down last, and as this one knows it now.
    func coverage(_ context: OperationContext, of id: String) async throws(APIError) -> [FaultCoverage] {
        let written = try await database.statement { transaction throws(StoreError) in
            try transaction.coverageList(context, experiment: id)
        }
        var own = counted(context, of: id)
        // This one has counted to the end what it does not follow any more.
        let counting = Set(delivery.halt.peers.all.map(\.id))
        var others: [FaultCoverage] = []
        for (node, row) in written {
            if node == delivery.halt.node, let place = own.firstIndex(where: { $0.isSame(as: row) }) {
                own[place] = own[place].over(row)
            } else {
                others.append(counting.contains(node) ? row : row.abandoned)
            }
        }
        var sums: [FaultCoverage] = []
        for row in others + own {
            if let place = sums.firstIndex(where: { $0.isSame(as: row) }) {
                sums[place].add(row)
            } else {
                sums.append(row)
            }
        }
        return sums.sorted { ($0.action, $0.target) < ($1.action, $1.target) }
    }

    /// How often instances said that they injected each fault, as far as it is written.
    func injections(
        _ context: OperationContext,
        of id: String
    ) async throws(APIError) -> [InjectedFault: Int64] {
        let found = try await database.statement { transaction throws(StoreError) in
            try transaction.injectionList(context, experiment: id)
        }
        return Dictionary(found.map { (InjectedFault($0.action, $0.target), $0.injected) }) { $0 + $1 }
    }

    private func counted(_ context: OperationContext, of id: String) -> [FaultCoverage] {
        let (now, epoch) = (delivery.clock.now(), delivery.book.lever.epoch)
        return delivery.book.followed.filter { $0.key.account == context.account }.flatMap { room in
            room.counted(at: now, epoch: epoch, time).rows.filter { $0.experiment == id }
        }
    }
}

/// A run's fault on one of its targets.
struct InjectedFault: Hashable {
    let action: String
    let target: String

    init(_ action: String, _ target: String) {
        self.action = action
        self.target = target
    }
}

extension FaultCoverage {
    /// Whether it is of the same fault and target.
    fileprivate func isSame(as other: FaultCoverage) -> Bool {
        action == other.action && target == other.target
    }
}

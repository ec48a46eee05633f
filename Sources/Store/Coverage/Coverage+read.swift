import Base

extension Transaction {
    /// All that is known of a run's coverage: what each node has counted of each fault and target, in their order.
    package func coverageList(
        _ context: OperationContext,
        experiment: String
    ) throws(StoreError) -> [(node: String, coverage: FaultCoverage)] {
        try all(
            """
            SELECT node, action, target, seen, holding, held, rejecting, cleared, off, silent, untracked,
                   without_lease, first_held_at, last_held_at, details
            FROM fault_coverage WHERE experiment = \(experiment) AND account = \(context.account)
            ORDER BY action, target, node
            """
        ) { row throws(StoreError) in
            let node = try row.next(String.self)
            return (node, try FaultCoverage(&row, experiment: experiment, account: context.account))
        }
    }
}

extension FaultCoverage {
    fileprivate init(_ row: inout Row, experiment: String, account: AccountID) throws(StoreError) {
        self.init(experiment: experiment, action: try row.next(), account: account, target: try row.next())
        seen = try row.next()
        holding = try row.next()
        held = try row.next()
        rejecting = try row.next()
        cleared = try row.next()
        off = try row.next()
        silent = try row.next()
        untracked = try row.next()
        withoutLease = try row.next()
        firstHeldAt = try row.nextIfAny()
        lastHeldAt = try row.nextIfAny()
        let details = try row.next(JSON.self)
        for reason in details["reasons"]?.members ?? [] {
            reasons[reason.name] = Int(reason.value.whole ?? 0)
        }
        for name in details["silent"]?.members ?? [] { silentNames[name.name] = name.value.double ?? 0 }
    }

    /// Adds what another node has counted of the same fault and target.
    package mutating func add(_ other: FaultCoverage) {
        seen += other.seen
        holding += other.holding
        held += other.held
        rejecting += other.rejecting
        cleared += other.cleared
        off += other.off
        silent += other.silent
        untracked += other.untracked
        withoutLease += other.withoutLease
        firstHeldAt = [firstHeldAt, other.firstHeldAt].compactMap(\.self).min()
        lastHeldAt = [lastHeldAt, other.lastHeldAt].compactMap(\.self).max()
        reasons.merge(other.reasons, uniquingKeysWith: +)
        silentNames.merge(other.silentNames, uniquingKeysWith: max)
    }
}

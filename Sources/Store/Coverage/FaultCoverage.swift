package import Base

/// How the instances of one target stand to one fault, as one node counted them.
package struct FaultCoverage: Equatable, Sendable {
    package var experiment: String
    package var action: String
    package var account: AccountID
    package var target: String
    package var seen = 0
    package var holding = 0
    package var held = 0
    package var rejecting = 0
    package var cleared = 0
    package var off = 0
    package var silent = 0
    package var untracked = 0
    package var firstHeldAt: Timestamp?
    package var lastHeldAt: Timestamp?
    /// Why some refuse it, with their numbers.
    package var reasons: [String: Int] = [:]
    /// Some of those that are silent, each with the end of its lease in seconds since 1970.
    package var silentNames: [String: Double] = [:]

    package init(experiment: String, action: String, account: AccountID, target: String) {
        self.experiment = experiment
        self.action = action
        self.account = account
        self.target = target
    }

    var details: JSON {
        [
            "reasons": .object(
                reasons.sorted { $0.key < $1.key }.map { .init($0.key, .integer(Int64($0.value))) }
            ),
            "silent": .object(
                silentNames.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }
            ),
        ]
    }

    fileprivate var row: JSON {
        [
            "experiment": .string(experiment), "action": .string(action),
            "account": .string(account.description), "target": .string(target),
            "seen": .integer(Int64(seen)), "holding": .integer(Int64(holding)), "held": .integer(Int64(held)),
            "rejecting": .integer(Int64(rejecting)), "cleared": .integer(Int64(cleared)),
            "off": .integer(Int64(off)), "silent": .integer(Int64(silent)),
            "untracked": .integer(Int64(untracked)),
            "first_held_at": firstHeldAt.map { .string($0.column) } ?? .null,
            "last_held_at": lastHeldAt.map { .string($0.column) } ?? .null, "details": details,
        ]
    }
}

/// A fault's coverage over all its targets and all nodes.
package struct CoverageSum: Equatable, Sendable {
    package let experiment: String
    package let account: AccountID
    package let action: String
    package let seen: Int
    package let holding: Int
    package let held: Int
    /// Those that have let go of it and those whose lease is over.
    package let cleared: Int
}

extension Transaction {
    /// Writes what a node has counted, over what it wrote before.
    ///
    /// In the order of their keys, so that nodes that write at once do not wait for each other.
    package func coverageWrite(_ rows: [FaultCoverage], node: String, at now: Timestamp) throws(StoreError) {
        let values = JSON.array(rows.map(\.row))
        try execute(
            """
            INSERT INTO fault_coverage AS known (
                experiment, action, account, target, node, seen, holding, held, rejecting, cleared, off, silent, untracked,
                first_held_at, last_held_at, details, updated_at)
            SELECT counted.experiment, counted.action, counted.account, counted.target, \(node), counted.seen,
                   counted.holding, counted.held, counted.rejecting, counted.cleared, counted.off, counted.silent,
                   counted.untracked, counted.first_held_at, counted.last_held_at, counted.details,
                   \(now)::timestamptz
            FROM json_to_recordset(\(values)::json) AS counted (
                experiment text, action text, account text, target text, seen integer, holding integer, held integer,
                rejecting integer, cleared integer, off integer, silent integer, untracked integer,
                first_held_at timestamptz, last_held_at timestamptz, details json)
            JOIN experiments ON experiments.id = counted.experiment AND experiments.account = counted.account
            ORDER BY counted.experiment, counted.action, counted.target
            ON CONFLICT (experiment, action, target, node) DO UPDATE
            SET seen = excluded.seen, holding = excluded.holding, held = greatest(known.held, excluded.held),
                rejecting = excluded.rejecting, cleared = greatest(known.cleared, excluded.cleared),
                off = greatest(known.off, excluded.off), silent = excluded.silent, untracked = excluded.untracked,
                first_held_at = least(known.first_held_at, excluded.first_held_at),
                last_held_at = greatest(known.last_held_at, excluded.last_held_at),
                details = excluded.details, updated_at = excluded.updated_at
            """
        )
    }

    /// What all nodes have counted of those runs' faults; nodes that are gone count for what was, and not for what is.
    package func coverageSums(
        of experiments: Set<String>,
        freshFor age: Duration
    ) throws(StoreError) -> [CoverageSum] {
        let ids = JSON.array(experiments.sorted().map { .string($0) })
        return try all(
            """
            SELECT coverage.experiment, coverage.account, coverage.action,
                   coalesce(sum(coverage.seen) FILTER (WHERE node.id IS NOT NULL), 0),
                   coalesce(sum(coverage.holding) FILTER (WHERE node.id IS NOT NULL), 0),
                   sum(coverage.held), sum(coverage.cleared + coverage.off)
            FROM fault_coverage AS coverage
            LEFT JOIN nodes AS node
                ON node.id = coverage.node AND node.beat_at > clock_timestamp() - make_interval(secs => \(age.inSeconds))
            WHERE coverage.experiment IN (SELECT json_array_elements_text(\(ids)::json))
            GROUP BY coverage.experiment, coverage.account, coverage.action
            """
        ) { row throws(StoreError) in
            CoverageSum(
                experiment: try row.next(),
                account: try row.next(),
                action: try row.next(),
                seen: try row.next(),
                holding: try row.next(),
                held: try row.next(),
                cleared: try row.next()
            )
        }
    }

    /// All that is known of a run's coverage, each node's rows added up.
    package func coverageList(
        _ context: OperationContext,
        experiment: String
    ) throws(StoreError) -> [FaultCoverage] {
        var rows: [FaultCoverage] = []
        let read = try all(
            """
            SELECT action, target, seen, holding, held, rejecting, cleared, off, silent, untracked, first_held_at,
                   last_held_at, details
            FROM fault_coverage WHERE experiment = \(experiment) AND account = \(context.account)
            ORDER BY action, target, node
            """
        ) { row throws(StoreError) in
            try FaultCoverage(&row, experiment: experiment, account: context.account)
        }
        for row in read {
            if rows.last?.action == row.action, rows.last?.target == row.target {
                rows[rows.count - 1].add(row)
            } else {
                rows.append(row)
            }
        }
        return rows
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
        firstHeldAt = try row.nextIfAny()
        lastHeldAt = try row.nextIfAny()
        let details = try row.next(JSON.self)
        for reason in details["reasons"]?.members ?? [] {
            reasons[reason.name] = Int(reason.value.whole ?? 0)
        }
        for name in details["silent"]?.members ?? [] { silentNames[name.name] = name.value.double ?? 0 }
    }

    fileprivate mutating func add(_ other: FaultCoverage) {
        seen += other.seen
        holding += other.holding
        held += other.held
        rejecting += other.rejecting
        cleared += other.cleared
        off += other.off
        silent += other.silent
        untracked += other.untracked
        firstHeldAt = [firstHeldAt, other.firstHeldAt].compactMap(\.self).min()
        lastHeldAt = [lastHeldAt, other.lastHeldAt].compactMap(\.self).max()
        reasons.merge(other.reasons, uniquingKeysWith: +)
        silentNames.merge(other.silentNames, uniquingKeysWith: max)
    }
}

package import Base

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
    /// Answers with it to instances that no node remembers.
    package let untracked: Int
    /// A reason that one of them gave for refusing it.
    package let refusal: String?
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
                without_lease, first_held_at, last_held_at, details, updated_at)
            SELECT counted.experiment, counted.action, counted.account, counted.target, \(node), counted.seen,
                   counted.holding, counted.held, counted.rejecting, counted.cleared, counted.off, counted.silent,
                   counted.untracked, counted.without_lease, counted.first_held_at, counted.last_held_at, counted.details,
                   \(now)::timestamptz
            FROM json_to_recordset(\(values)::json) AS counted (
                experiment text, action text, account text, target text, seen integer, holding integer, held integer,
                rejecting integer, cleared integer, off integer, silent integer, untracked integer,
                without_lease integer, first_held_at timestamptz, last_held_at timestamptz, details json)
            JOIN experiments ON experiments.id = counted.experiment AND experiments.account = counted.account
            ORDER BY counted.experiment, counted.action, counted.target
            ON CONFLICT (experiment, action, target, node) DO UPDATE
            SET seen = excluded.seen, holding = excluded.holding, held = greatest(known.held, excluded.held),
                rejecting = excluded.rejecting, silent = excluded.silent, untracked = excluded.untracked,
                without_lease = excluded.without_lease,
                -- A node that was started again has forgotten holders: what it knew of their end still counts.
                cleared = CASE WHEN excluded.held >= known.held THEN excluded.cleared
                               ELSE greatest(known.cleared, excluded.cleared) END,
                off = CASE WHEN excluded.held >= known.held THEN excluded.off
                           ELSE greatest(known.off, excluded.off) END,
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
                   sum(coverage.held), sum(coverage.cleared + coverage.off), sum(coverage.untracked),
                   min((SELECT min(reason) FROM json_object_keys(coverage.details -> 'reasons') AS reason))
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
                cleared: try row.next(),
                untracked: try row.next(),
                refusal: try row.nextIfAny()
            )
        }
    }
}

package import Base

/// A run that this node looks after for a while, together with the lever as it is.
package struct ClaimedExperiment: Equatable, Sendable {
    package let experiment: Experiment
    /// Goes with every write: whoever holds the run later has a higher one.
    package let term: Int64
    package let lever: Lever
}

/// What lies ahead for whoever drives runs.
package struct ExperimentOutlook: Equatable, Sendable {
    package let nextDue: Timestamp?
    package let leverStatus: String
    package let hasQueue: Bool
}

extension Transaction {
    /// Takes runs that are due and that nobody looks after, for `lease`.
    ///
    /// A hold that lies further ahead than two leases was taken by another clock and counts as over. The commit does not wait for
    /// the disk: a claim that a crash forgets is no loss, since whoever held it is gone with it.
    package func experimentClaim(
        node: String,
        lease: Duration,
        limit: Int,
        at now: Timestamp
    ) throws(StoreError) -> [ClaimedExperiment] {
        try all(
            """
            UPDATE experiments
            SET holder = \(node), held_until = \(now + lease), term = experiments.term + 1
            FROM (
                SELECT id, set_config('synchronous_commit', 'off', true) FROM experiments
                WHERE next_due <= \(now)
                  AND (holder IS NULL OR held_until <= \(now) OR held_until > \(now + lease * 2))
                ORDER BY next_due LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            ) AS due, safety_lever
            WHERE experiments.id = due.id
            RETURNING \(Experiment.columns), experiments.term, safety_lever.status, safety_lever.epoch,
                      safety_lever.reason, safety_lever.engagement_id, safety_lever.changed_at
            """
        ) { row throws(StoreError) in
            ClaimedExperiment(
                experiment: try Experiment(&row),
                term: try row.next(),
                lever: try Lever(&row)
            )
        }
    }

    /// Lets go of a run whose step was not written, so that it can be taken up again at once.
    package func experimentRelease(id: String, term: Int64) throws(StoreError) {
        try execute(
            "UPDATE experiments SET holder = NULL, held_until = NULL WHERE id = \(id) AND term = \(term)"
        )
    }

    /// When the next run is due, or nil where nothing runs; the lever's status; and whether any run waits for its targets.
    package func experimentOutlook() throws(StoreError) -> ExperimentOutlook {
        try one(
            """
            SELECT (SELECT min(next_due) FROM experiments WHERE next_due IS NOT NULL), status,
                   EXISTS (SELECT FROM target_waits)
            FROM safety_lever
            """
        ) { row throws(StoreError) in
            ExperimentOutlook(
                nextDue: try row.nextIfAny(),
                leverStatus: try row.next(),
                hasQueue: try row.next()
            )
        }
    }

    /// Writes a step, its events and its faults, if the run is still as it was read and nobody is in the way of the targets
    /// that it takes; false where it is not so.
    ///
    /// One statement, so that no lock is held while this process may be frozen. `term` is the claim's; a stop has none and
    /// waits for nobody. Faults are published only while the lever is as it was when the run began.
    package func experimentAdvance(
        _ experiment: Experiment,
        term: Int64?,
        _ step: ExperimentStep
    ) throws(StoreError) -> Bool {
        let state = step.state
        let isBeginning = !step.published.isEmpty || !step.advanced.isEmpty || step.use.hold != nil
        let isAllowed: Query =
            isBeginning ? "AND safety_lever_stands('disengaged', experiments.epoch)" : ""
        let isAsRead: Query = """
            WHERE id = \(experiment.id) AND revision = \(experiment.revision) AND term = coalesce(\(term), term)
              \(isAllowed)
            """
        let claim = step.use.claim(
            by: experiment.id,
            of: experiment.account,
            ground: "FROM experiments \(isAsRead)"
        )
        return try one(
            """
            WITH \(claim.looking) advanced AS (
                UPDATE experiments
                SET status = \(state.status), run = \(state.run), summary = \(state.summary),
                    revision = revision + 1, ended_at = \(state.endedAt), next_due = \(state.nextDue),
                    holder = NULL, held_until = NULL, event_count = event_count + \(state.events.count),
                    event_head = \(state.events.isEmpty ? experiment.eventHead : state.head)
                \(claim.from)
                \(isAsRead) \(claim.isFree)
                RETURNING id, account, epoch
            )\(step.parts(of: "advanced"))
            SELECT EXISTS (SELECT FROM advanced)
            """
        ) { row throws(StoreError) in try row.next() }
    }
}

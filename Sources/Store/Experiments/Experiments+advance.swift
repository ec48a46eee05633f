package import Base

/// A run that this node looks after for a while, together with the lever as it is.
package struct ClaimedExperiment: Equatable, Sendable {
    package let experiment: Experiment
    /// Goes with every write: whoever holds the run later has a higher one.
    package let term: Int64
    package let lever: Lever
}

/// A fault to be published with a change of its run.
package struct PublishedFault: Equatable, Sendable {
    package let action: String
    package let target: String
    package let qualifier: String?
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    /// As it is served.
    package let fault: JSON

    package init(
        action: String,
        target: String,
        qualifier: String?,
        notBefore: Timestamp,
        notAfter: Timestamp,
        fault: JSON
    ) {
        self.action = action
        self.target = target
        self.qualifier = qualifier
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.fault = fault
    }
}

/// One step of a run: its new state, and what it does to the documents.
package struct ExperimentStep: Sendable {
    package var state: RunState
    package var published: [PublishedFault]
    /// Actions whose faults are taken out; a run that has ended takes out all that are left.
    package var cleared: [String]
    /// Who asked for it and how the audit trail calls it; nil for what a run does by itself.
    package var audit: (context: OperationContext, action: String, at: Timestamp)?

    package init(
        state: RunState,
        published: [PublishedFault] = [],
        cleared: [String] = [],
        audit: (context: OperationContext, action: String, at: Timestamp)? = nil
    ) {
        self.state = state
        self.published = published
        self.cleared = cleared
        self.audit = audit
    }
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

    /// When the next run is due, or nil where nothing runs; and the lever's status.
    package func experimentOutlook() throws(StoreError) -> (nextDue: Timestamp?, leverStatus: String) {
        try one(
            """
            SELECT (SELECT min(next_due) FROM experiments WHERE next_due IS NOT NULL), status FROM safety_lever
            """
        ) { row throws(StoreError) in (try row.nextIfAny(), try row.next()) }
    }

    /// Writes a step, its events and its faults, if the run is still as it was read; false where it is not.
    ///
    /// One statement, so that no lock is held while this process may be frozen. `term` is the claim's; a stop has none and
    /// waits for nobody. Faults are published only while the lever is as it was when the run began.
    package func experimentAdvance(
        _ experiment: Experiment,
        term: Int64?,
        _ step: ExperimentStep
    ) throws(StoreError) -> Bool {
        let state = step.state
        let hasEnded = state.endedAt != nil
        return try one(
            """
            WITH advanced AS (
                UPDATE experiments
                SET status = \(state.status), run = \(state.run), revision = revision + 1,
                    ended_at = \(state.endedAt), next_due = \(state.nextDue), holder = NULL, held_until = NULL,
                    event_count = event_count + \(state.events.count),
                    event_head = \(state.events.isEmpty ? experiment.eventHead : state.head)
                WHERE id = \(experiment.id) AND revision = \(experiment.revision)
                  AND term = coalesce(\(term), term)
                  AND (\(step.published.isEmpty) OR EXISTS (
                      SELECT FROM safety_lever WHERE status = 'disengaged' AND epoch = experiments.epoch))
                RETURNING id, account, epoch
            ), recorded AS (
                INSERT INTO experiment_events (experiment, number, at, payload, digest)
                SELECT advanced.id, event.number, event.at, event.payload, event.digest
                FROM advanced, \(state.eventTable)
            ), published AS (
                INSERT INTO faults (experiment, action, account, target, qualifier, epoch, not_before, not_after,
                                    fault)
                SELECT advanced.id, fault.action, advanced.account, fault.target, fault.qualifier, advanced.epoch,
                       fault.not_before, fault.not_after, fault.fault
                FROM advanced, \(step.faultTable)
            ), cleared AS (
                DELETE FROM faults USING advanced
                WHERE faults.experiment = advanced.id AND (\(hasEnded) OR faults.action IN (
                    SELECT json_array_elements_text(\(step.clearedNames)::json)))
            )\(step.auditing)
            SELECT EXISTS (SELECT FROM advanced)
            """
        ) { row throws(StoreError) in try row.next() }
    }
}

extension ExperimentStep {
    fileprivate var faultTable: Query {
        let rows = JSON.array(
            published.map { fault in
                [
                    "action": .string(fault.action), "target": .string(fault.target),
                    "qualifier": fault.qualifier.map { .string($0) } ?? .null,
                    "not_before": .string(fault.notBefore.column),
                    "not_after": .string(fault.notAfter.column),
                    "fault": fault.fault,
                ]
            }
        )
        return """
            json_to_recordset(\(rows)::json)
                AS fault (action text, target text, qualifier text, not_before timestamptz, not_after timestamptz,
                          fault json)
            """
    }

    /// The audit row, as one more part of the statement.
    fileprivate var auditing: Query {
        guard let audit else { return "" }
        let context = audit.context
        return """
            , audited AS (
                INSERT INTO audit_events (account, at, actor, origin, address, request_id, action, subject, details)
                SELECT advanced.account, \(audit.at)::timestamptz, \(context.actor.description),
                       \(context.origin.rawValue), \(context.peer), \(context.requestID), \(audit.action),
                       advanced.id, '{}'::jsonb
                FROM advanced
            )
            """
    }

    fileprivate var clearedNames: JSON { .array(cleared.map { .string($0) }) }
}

package import Base

/// How many runs have a status.
package struct StatusCount: Equatable, Sendable {
    package let status: String
    package let number: Int
}

extension Transaction {
    /// A run of the account; nil where it has none of that id.
    package func experimentRead(
        _ context: OperationContext,
        id: String
    ) throws(StoreError) -> Experiment? {
        try first(
            "SELECT \(Experiment.columns) FROM experiments WHERE id = \(id) AND account = \(context.account)"
        ) { row throws(StoreError) in try Experiment(&row) }
    }

    /// The account's runs, newest first, a page at a time; all of them or those of one template.
    package func experimentList(
        _ context: OperationContext,
        template: String? = nil,
        after: ListPlace? = nil,
        limit: Int
    ) throws(StoreError) -> [ExperimentSummary] {
        let ofTemplate: Query = template.map { "AND template = \($0)" } ?? ""
        let following: Query = after.map { "AND (created_at, id) < (\($0.createdAt), \($0.id))" } ?? ""
        return try all(
            """
            SELECT \(ExperimentSummary.columns) FROM experiments
            WHERE account = \(context.account) \(ofTemplate) \(following)
            ORDER BY created_at DESC, id DESC
            LIMIT \(limit)
            """
        ) { row throws(StoreError) in try ExperimentSummary(&row) }
    }

    /// Every run of the deployment that has not ended, oldest first, a page at a time: what an engagement must stop.
    package func experimentListActive(after id: String, limit: Int) throws(StoreError) -> [Experiment] {
        try all(
            """
            SELECT \(Experiment.columns) FROM experiments
            WHERE ended_at IS NULL AND id > \(id) ORDER BY id LIMIT \(limit)
            """
        ) { row throws(StoreError) in try Experiment(&row) }
    }

    /// The account's runs that have not ended.
    package func experimentListActive(_ context: OperationContext) throws(StoreError) -> [Experiment] {
        try all(
            """
            SELECT \(Experiment.columns) FROM experiments
            WHERE ended_at IS NULL AND account = \(context.account) ORDER BY created_at, id
            """
        ) { row throws(StoreError) in try Experiment(&row) }
    }

    /// How many runs of the deployment have not ended, by status.
    package func experimentCountActive() throws(StoreError) -> [StatusCount] {
        try all("SELECT status, count(*) FROM experiments WHERE ended_at IS NULL GROUP BY status") {
            row throws(StoreError) in
            StatusCount(status: try row.next(), number: try row.next())
        }
    }

    /// Gives a run other tags, if it is still as it was read; false where it is not.
    package func experimentTag(
        _ context: OperationContext,
        _ experiment: Experiment,
        tags: JSON,
        at now: Timestamp
    ) throws(StoreError) -> Bool {
        let changed = try execute(
            """
            UPDATE experiments SET tags = \(tags), revision = revision + 1
            WHERE id = \(experiment.id) AND account = \(context.account) AND revision = \(experiment.revision)
            """
        )
        if changed == 0 { return false }
        try auditAppend(
            context,
            action: "experiment.tagged",
            subject: experiment.id,
            details: ["tags": tags],
            at: now
        )
        return true
    }

    /// Forgets runs that ended before that, with their events; at most `limit` at a time, so that nobody waits long for it.
    package func experimentForget(endedBefore moment: Timestamp, limit: Int) throws(StoreError) -> Int {
        try execute(
            """
            WITH forgotten AS (
                DELETE FROM experiments WHERE id IN (
                    SELECT id FROM experiments WHERE ended_at < \(moment) ORDER BY ended_at LIMIT \(limit)
                    FOR UPDATE SKIP LOCKED)
                RETURNING id
            ), emptied AS (
                DELETE FROM experiment_events USING forgotten WHERE experiment = forgotten.id
            ), unguarded AS (
                DELETE FROM run_guards USING forgotten WHERE experiment = forgotten.id
            ), unlooked AS (
                DELETE FROM guard_evaluations USING forgotten WHERE experiment = forgotten.id
            ), uncovered AS (
                DELETE FROM fault_coverage USING forgotten WHERE experiment = forgotten.id
            ), uncounted AS (
                DELETE FROM fault_injections USING forgotten WHERE experiment = forgotten.id
            ), unmeasured AS (
                DELETE FROM run_telemetry USING forgotten WHERE experiment = forgotten.id
            )
            SELECT id FROM forgotten
            """
        )
    }
}

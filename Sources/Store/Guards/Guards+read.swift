package import Base

extension Transaction {
    /// All guards of a run of the account.
    package func guardList(_ context: OperationContext, experiment: String) throws(StoreError) -> [RunGuard] {
        try all(
            """
            SELECT \(RunGuard.columns) FROM run_guards
            WHERE experiment = \(experiment) AND account = \(context.account)
            ORDER BY (name <> 'stop-conditions'), name
            """
        ) { row throws(StoreError) in try RunGuard(&row) }
    }

    /// What was found when somebody looked, newest first; from before `before` on, where that is given.
    ///
    /// Of two looks at the same moment the one whose guard comes later in the alphabet is the newer.
    package func guardEvaluationList(
        _ context: OperationContext,
        experiment: String,
        name: String?,
        before: (at: Timestamp, name: String)?,
        limit: Int
    ) throws(StoreError) -> [GuardEvaluation] {
        let page: Query =
            before.map { "AND (look.at, look.name) < (\($0.at)::timestamptz, \($0.name)::text)" } ?? ""
        return try all(
            """
            SELECT look.name, look.round, look.at, look.readings
            FROM guard_evaluations AS look JOIN experiments ON experiments.id = look.experiment
            WHERE look.experiment = \(experiment) AND experiments.account = \(context.account)
              AND look.name = coalesce(\(name), look.name) \(page)
            ORDER BY look.at DESC, look.name DESC LIMIT \(limit)
            """
        ) { row throws(StoreError) in
            GuardEvaluation(
                name: try row.next(),
                round: try row.next(),
                at: try row.next(),
                readings: try row.next()
            )
        }
    }
}

extension Transaction {
    /// Runs of the deployment by their ids, for whoever looks at their guards.
    package func experimentListNamed(_ ids: [String]) throws(StoreError) -> [Experiment] {
        try all(
            """
            SELECT \(Experiment.columns) FROM experiments
            WHERE id IN (SELECT json_array_elements_text(\(JSON.array(ids.map { .string($0) }))::json))
            """
        ) { row throws(StoreError) in try Experiment(&row) }
    }
}

/// For how long the faults of runs whose stop conditions are read may be served, counted from the reading's own moment.
package struct GuardTerms: Equatable, Sendable {
    /// By the run's id.
    package let left: [String: Duration]

    package init(_ left: [String: Duration] = [:]) { self.left = left }

    /// One value of a statement: every run with a guard that holds.
    static let column: Query = """
        (SELECT coalesce(json_object_agg(duty.experiment,
                    (extract(epoch FROM duty.guarded_until - clock_timestamp()) * 1000000)::bigint), '{}')
         FROM run_guards AS duty
         WHERE duty.name = 'stop-conditions' AND duty.due_at IS NOT NULL AND duty.guarded_until IS NOT NULL)
        """

    init(column: JSON) {
        left = (column.members ?? []).reduce(into: [:]) { left, member in
            left[member.name] = member.value.whole.map { .microseconds($0) }
        }
    }
}

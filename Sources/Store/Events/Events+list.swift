extension Transaction {
    /// A run's events in their order, from the one after `number` on.
    ///
    /// Which account's run it is the caller has checked by reading the run.
    package func eventList(
        of experiment: Experiment,
        after number: Int,
        limit: Int
    ) throws(StoreError) -> [ExperimentEvent] {
        let found = try all(
            """
            SELECT \(ExperimentEvent.columns) FROM (
                SELECT last, events FROM experiment_events
                WHERE experiment = \(experiment.id) AND last > \(number) ORDER BY last LIMIT \(limit)
            ) AS step, \(ExperimentEvent.listed)
            ORDER BY last, place
            """
        ) { row throws(StoreError) in try ExperimentEvent(&row) }
        // A page may begin in the middle of a step.
        return Array(found.lazy.filter { $0.number > number }.prefix(limit))
    }
}

package import Base

/// One recorded change of a run.
package struct ExperimentEvent: Equatable, Sendable {
    package let number: Int
    package let at: Timestamp
    package let payload: JSON
    package let digest: [UInt8]
}

extension Transaction {
    /// A run's events in their order, from the one after `number` on.
    ///
    /// Which account's run it is the caller has checked by reading the run.
    package func eventList(
        of experiment: Experiment,
        after number: Int,
        limit: Int
    ) throws(StoreError) -> [ExperimentEvent] {
        try all(
            """
            SELECT number, at, payload, digest FROM experiment_events
            WHERE experiment = \(experiment.id) AND number > \(number)
            ORDER BY number LIMIT \(limit)
            """
        ) { row throws(StoreError) in
            ExperimentEvent(
                number: try row.next(),
                at: try row.next(),
                payload: try row.next(),
                digest: try row.next()
            )
        }
    }
}

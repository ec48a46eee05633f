import Base

/// Where a run stands that waits for its targets.
package struct QueueStanding: Equatable, Sendable {
    /// Counted from 1 among those that wait for one of its targets.
    package let place: Int
    /// Those that have one of its targets, or wait for one and come first.
    package let inTheWay: [TargetHolder]

    /// Those that have one of its targets.
    package var holders: [String] {
        var seen: Set<String> = []
        return inTheWay.filter { $0.since != nil && seen.insert($0.experiment).inserted }.map(\.experiment)
    }
}

extension Transaction {
    /// Where a run of the account stands in the line, by what is committed now; nil where it does not wait.
    package func queueRead(
        _ context: OperationContext,
        experiment: String
    ) throws(StoreError) -> QueueStanding? {
        try one(
            """
            WITH own AS (
                SELECT target, ticket FROM target_waits
                WHERE experiment = \(experiment) AND account = \(context.account)
            ), earlier AS (
                SELECT wait.target, wait.experiment FROM own JOIN target_waits AS wait
                    ON wait.account = \(context.account) AND wait.target = own.target AND wait.ticket < own.ticket
            ), found AS (
                SELECT hold.target, hold.experiment, hold.since FROM own JOIN target_holds AS hold
                    ON hold.account = \(context.account) AND hold.target = own.target
                UNION ALL
                SELECT target, experiment, NULL FROM earlier
                ORDER BY since NULLS LAST, target, experiment LIMIT 100
            )
            SELECT (SELECT count(*) FROM own), (SELECT count(DISTINCT experiment) FROM earlier),
                   (SELECT json_agg(json_build_array(found.target, found.experiment, experiments.template,
                                                     found.since::text, true)
                                     ORDER BY found.since NULLS LAST, found.target, found.experiment)
                    FROM found LEFT JOIN experiments ON experiments.id = found.experiment)
            """
        ) { row throws(StoreError) in
            let (own, earlier) = (try row.next(Int.self), try row.next(Int.self))
            let inTheWay = try TargetHolder.list(try row.nextIfAny(JSON.self))
            return own == 0 ? nil : QueueStanding(place: earlier + 1, inTheWay: inTheWay)
        }
    }

    /// Runs of the deployment that wait and whose targets all look free, with nobody in line before them; whoever came first, first.
    package func queueListReady(limit: Int) throws(StoreError) -> [Experiment] {
        try all(
            """
            SELECT \(Experiment.columns) FROM experiments JOIN (
                SELECT experiment, min(ticket) AS ticket FROM target_waits AS own
                GROUP BY experiment
                HAVING NOT bool_or(
                    EXISTS (SELECT FROM target_holds AS hold
                            WHERE hold.account = own.account AND hold.target = own.target)
                    OR EXISTS (SELECT FROM target_waits AS earlier
                               WHERE earlier.account = own.account AND earlier.target = own.target
                                 AND earlier.ticket < own.ticket))
            ) AS ready ON ready.experiment = experiments.id
            WHERE experiments.status = 'pending'
            ORDER BY ready.ticket LIMIT \(limit)
            """
        ) { row throws(StoreError) in try Experiment(&row) }
    }
}

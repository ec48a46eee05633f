package import Base

/// Whose samples are wanted, and when.
package struct TelemetrySeries: Sendable {
    /// The only target that is meant; nil where all of the run are.
    package var target: String?
    /// The run whose targets are meant, and what was kept for it.
    package var experiment: String?
    package var from: Timestamp
    package var to: Timestamp
    package var step: Duration

    package init(target: String?, experiment: String?, from: Timestamp, to: Timestamp, step: Duration) {
        self.target = target
        self.experiment = experiment
        self.from = from
        self.to = to
        self.step = step
    }
}

/// A step of a series that something was reported in.
package struct TelemetryPoint: Equatable, Sendable {
    /// Which step, counted from 0.
    package var place: Int
    /// The most instances that reported within five seconds of it.
    package var instances: Int64
    package var sum: TelemetrySum
}

extension Transaction {
    /// What all nodes wrote in each step; steps without anything are left out.
    package func telemetrySeries(
        _ context: OperationContext,
        _ series: TelemetrySeries
    ) throws(StoreError) -> [TelemetryPoint] {
        let columns: Query =
            "target, at, batch, node, instances, invocations, errors, injections, durations"
        let narrowed: Query = if let target = series.target { "AND target = \(target)" } else { "" }
        let between: Query = "at >= \(series.from)::timestamptz AND at < \(series.to)::timestamptz"
        var ofRun: Query = ""
        var kept: Query = ""
        if let experiment = series.experiment {
            ofRun = """
                AND target IN (SELECT covered.target FROM fault_coverage AS covered
                               WHERE covered.experiment = \(experiment) AND covered.account = \(context.account))
                """
            kept = """
                UNION ALL
                SELECT \(columns) FROM run_telemetry
                WHERE experiment = \(experiment) AND account = \(context.account) AND \(between) \(narrowed)
                """
        }
        return try all(
            """
            WITH found AS MATERIALIZED (
                -- What was copied may still be in its day as well.
                SELECT DISTINCT ON (target, at, batch)
                       floor(extract(epoch FROM at - \(series.from)::timestamptz) / \(series.step.inSeconds)::float8)::integer
                           AS place, every.*
                FROM (
                    SELECT \(columns) FROM telemetry_samples
                    WHERE account = \(context.account) AND \(between) \(narrowed) \(ofRun)
                    \(kept)
                ) AS every
                ORDER BY target, at, batch
            ), crowd AS MATERIALIZED (
                SELECT place, max(number) AS instances
                FROM (
                    SELECT place, at, sum(instances) AS number
                    FROM (
                        -- A node that was started again within the five seconds has counted the same instances twice.
                        SELECT place, at, target, node, max(instances) AS instances
                        FROM found GROUP BY place, at, target, node
                    ) AS counted
                    GROUP BY place, at
                ) AS together
                GROUP BY place
            ), \(TelemetrySum.adding(by: "place"))
            SELECT place, least(crowd.instances, 9000000000000000000)::bigint, added.invocations, added.errors,
                   added.injections, coalesce(spread.durations, '{}')
            FROM added JOIN crowd USING (place) LEFT JOIN spread USING (place) ORDER BY place
            """
        ) { row throws(StoreError) in
            TelemetryPoint(place: try row.next(), instances: try row.next(), sum: try TelemetrySum(&row))
        }
    }

    /// How often instances said that they injected each fault of a run, by action and target.
    package func injectionList(
        _ context: OperationContext,
        experiment: String
    ) throws(StoreError) -> [(action: String, target: String, injected: Int64)] {
        try all(
            """
            SELECT action, target, injected FROM fault_injections
            WHERE experiment = \(experiment) AND account = \(context.account) ORDER BY action, target
            """
        ) { row throws(StoreError) in
            (action: try row.next(), target: try row.next(), injected: try row.next())
        }
    }
}

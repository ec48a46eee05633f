package import Base

/// A day (UTC) whose samples have a partition of their own, as in `2026-11-22`.
package struct TelemetryDay: Hashable, Comparable, Sendable {
    package let name: String

    package init(of moment: Timestamp) { name = String(CalendarTime(moment).iso8601.prefix(10)) }

    fileprivate init(name: String) { self.name = name }

    /// As names, days sort by their time.
    package static func < (left: TelemetryDay, right: TelemetryDay) -> Bool { left.name < right.name }
}

extension Transaction {
    /// Makes a day's partition, if there is none yet.
    package func telemetryMakeDay(_ day: TelemetryDay) throws(StoreError) {
        _ = try one("SELECT telemetry_day_made(\(day.name)::date)") { row throws(StoreError) in
            try row.next(Bool.self)
        }
    }

    /// Drops a day with all its samples.
    package func telemetryDropDay(_ day: TelemetryDay) throws(StoreError) {
        _ = try one("SELECT telemetry_day_dropped(\(day.name)::date)") { row throws(StoreError) in
            try row.next(Bool.self)
        }
    }

    /// The days that have a partition, in their order.
    package func telemetryDays() throws(StoreError) -> [TelemetryDay] {
        try all(
            """
            SELECT to_char(to_date(right(child.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') AS day
            FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
            WHERE inhparent = 'telemetry_samples'::regclass AND child.relname ~ '^telemetry_samples_[0-9]{8}$'
            ORDER BY day
            """
        ) { row throws(StoreError) in TelemetryDay(name: try row.next()) }
    }

    /// Copies what a day has of runs' targets around the runs, for some runs after one; nil where all were looked at, or else the last.
    ///
    /// Around means from five minutes before a run began to a quarter of an hour after it ended. Copying again changes nothing.
    package func telemetryKeepForRuns(
        _ day: TelemetryDay,
        after experiment: String?,
        limit: Int
    ) throws(StoreError) -> String? {
        let (last, number) = try one(
            """
            WITH day AS MATERIALIZED (
                SELECT \(day.name)::date::timestamp AT TIME ZONE 'UTC' AS begins,
                       (\(day.name)::date + 1)::timestamp AT TIME ZONE 'UTC' AS ends
            ), run AS MATERIALIZED (
                SELECT id, account, experiments.created_at - interval '5 minutes' AS begins,
                       coalesce(ended_at, 'infinity') + interval '15 minutes' AS ends
                FROM experiments, day
                WHERE id > \(experiment ?? "")
                  AND experiments.created_at - interval '5 minutes' < day.ends
                  AND (ended_at IS NULL OR ended_at + interval '15 minutes' > day.begins)
                ORDER BY id LIMIT \(limit)
                -- A run that is being forgotten takes what is copied with it, or is not copied for.
                FOR SHARE OF experiments
            ), kept AS (
                INSERT INTO run_telemetry (
                    experiment, account, target, at, batch, node, instances, invocations, errors, injections, injected,
                    durations)
                SELECT run.id, sample.account, sample.target, sample.at, sample.batch, sample.node, sample.instances,
                       sample.invocations, sample.errors, sample.injections, sample.injected, sample.durations
                FROM run
                JOIN LATERAL (
                    SELECT DISTINCT target FROM fault_coverage
                    WHERE fault_coverage.experiment = run.id AND fault_coverage.account = run.account
                ) AS covered ON true
                CROSS JOIN day
                JOIN telemetry_samples AS sample
                    ON sample.account = run.account AND sample.target = covered.target
                   AND sample.at >= greatest(run.begins, day.begins) AND sample.at < least(run.ends, day.ends)
                ON CONFLICT DO NOTHING
            )
            SELECT max(id), count(*) FROM run
            """
        ) { row throws(StoreError) in (try row.nextIfAny(String.self), try row.next(Int.self)) }
        return number < limit ? nil : last
    }
}

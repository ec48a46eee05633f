import Base

extension Transaction {
    /// Writes what a node has added up, and counts the injections of faults that there are or were; says how many samples were new.
    ///
    /// What was written before, because nobody knew how that ended, is neither written nor counted again. Ids of faults that nobody
    /// published to that target are left out.
    package func telemetryWrite(_ samples: [TelemetrySample], node: String) throws(StoreError) -> Int {
        let rows = JSON.array(samples.map(\.row))
        return try one(
            """
            WITH reported AS MATERIALIZED (
                SELECT * FROM json_to_recordset(\(rows)::json) AS reported (
                    account text, target text, at timestamptz, batch bigint, instances bigint, invocations bigint,
                    errors bigint, injected json, durations json)
            ), named AS MATERIALIZED (
                SELECT account, target, at, batch, fault.key AS fault, fault.value::bigint AS number,
                       split_part(fault.key, '/', 1) AS experiment,
                       substr(fault.key, strpos(fault.key, '/') + 1) AS action
                FROM reported, json_each_text(reported.injected) AS fault
            ), known AS MATERIALIZED (
                SELECT * FROM named
                WHERE EXISTS (SELECT FROM faults WHERE faults.experiment = named.experiment
                                  AND faults.action = named.action AND faults.target = named.target
                                  AND faults.account = named.account)
                   OR EXISTS (SELECT FROM fault_coverage AS covered WHERE covered.experiment = named.experiment
                                  AND covered.action = named.action AND covered.target = named.target
                                  AND covered.account = named.account)
            ), written AS (
                INSERT INTO telemetry_samples (
                    account, target, at, batch, node, instances, invocations, errors, injections, injected, durations)
                SELECT account, target, at, batch, \(node), reported.instances, reported.invocations, reported.errors,
                       coalesce(own.total, 0), coalesce(own.injected, '{}'), reported.durations
                FROM reported
                LEFT JOIN (
                    SELECT account, target, at, batch, least(sum(number), 9000000000000000000)::bigint AS total,
                           json_object_agg(fault, number ORDER BY fault) AS injected
                    FROM known GROUP BY account, target, at, batch
                ) AS own USING (account, target, at, batch)
                ON CONFLICT DO NOTHING
                RETURNING account, target, at, batch
            ), counted AS (
                INSERT INTO fault_injections AS total (experiment, action, account, target, injected)
                SELECT experiment, action, account, target, least(sum(number), 9000000000000000000)::bigint
                FROM known JOIN written USING (account, target, at, batch)
                GROUP BY experiment, action, account, target
                ORDER BY experiment, action, target
                ON CONFLICT (experiment, action, target) DO UPDATE
                SET injected = least(total.injected::numeric + excluded.injected, 9000000000000000000)::bigint
            )
            SELECT count(*) FROM written
            """
        ) { row throws(StoreError) in try row.next() }
    }
}

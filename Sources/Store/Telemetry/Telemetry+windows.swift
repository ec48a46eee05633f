package import Base

/// A stretch of time up to now, and whose samples in it are to be added up.
package struct TelemetryWindow: Hashable, Sendable {
    package let account: AccountID
    package let targets: [String]
    /// Samples that end after this are in it.
    package let since: Timestamp
    /// Whether percentiles are wanted, which cost more than the rest.
    package let withDurations: Bool

    package init(account: AccountID, targets: [String], since: Timestamp, withDurations: Bool) {
        self.account = account
        self.targets = targets
        self.since = since
        self.withDurations = withDurations
    }
}

extension Transaction {
    /// What all nodes have written in each of the windows, in their order; some writings are left out because their node counts them itself.
    ///
    /// What is later than `now` by more than nodes differ was written while a clock was wrong.
    package func telemetryWindows(
        _ windows: [TelemetryWindow],
        without batches: Set<Int64>,
        at now: Timestamp
    ) throws(StoreError) -> [TelemetrySum] {
        let rows = windows.enumerated().flatMap { number, window in
            Set(window.targets).map { target -> JSON in
                [
                    "number": .integer(Int64(number)), "account": .string(window.account.description),
                    "target": .string(target),
                    "since": .string((window.since + (.zero - TelemetrySample.length)).column),
                    "durations": .bool(window.withDurations),
                ]
            }
        }
        let earliest = (windows.map(\.since).min() ?? now) + (.zero - TelemetrySample.length)
        let sums = try all(
            """
            WITH found AS MATERIALIZED (
                SELECT wanted.number, sample.invocations, sample.errors, sample.injections,
                       CASE WHEN wanted.durations THEN sample.durations END AS durations
                FROM json_to_recordset(\(JSON.array(rows))::json) AS wanted (
                    number integer, account text, target text, since timestamptz, durations boolean)
                JOIN telemetry_samples AS sample
                    ON sample.account = wanted.account AND sample.target = wanted.target AND sample.at > wanted.since
                WHERE sample.at > \(earliest)::timestamptz AND sample.at < \(now)::timestamptz + interval '10 seconds'
                  AND sample.batch NOT IN (
                      SELECT json_array_elements_text(\(JSON.array(batches.sorted().map { .integer($0) }))::json)::bigint)
            ), \(TelemetrySum.adding(by: "number"))
            SELECT number, added.invocations, added.errors, added.injections, coalesce(spread.durations, '{}')
            FROM added LEFT JOIN spread USING (number)
            """
        ) { row throws(StoreError) in (number: try row.next(Int.self), sum: try TelemetrySum(&row)) }
        var found = [TelemetrySum](repeating: TelemetrySum(), count: windows.count)
        for (number, sum) in sums where found.indices.contains(number) { found[number] = sum }
        return found
    }
}

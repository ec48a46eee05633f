package import Base

/// What the instances of one target did in five seconds, as one node added it up.
package struct TelemetrySample: Equatable, Sendable {
    /// How long the time is that one sample is of.
    package static let length: Duration = .seconds(5)

    package let account: AccountID
    package let target: String
    package let at: Timestamp
    /// The node's number for what it writes as one.
    package let batch: Int64
    package var instances: Int64 = 0
    package var invocations: Int64 = 0
    package var errors: Int64 = 0
    /// How often each fault was injected, by its id.
    package var injected: [String: Int64] = [:]
    package var durations = DurationHistogram()

    package init(account: AccountID, target: String, at: Timestamp, batch: Int64) {
        self.account = account
        self.target = target
        self.at = at
        self.batch = batch
    }

    var row: JSON {
        [
            "account": .string(account.description), "target": .string(target), "at": .string(at.column),
            "batch": .integer(batch), "instances": .integer(instances), "invocations": .integer(invocations),
            "errors": .integer(errors),
            "injected": .object(
                injected.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }
            ),
            "durations": durations.json,
        ]
    }
}

/// Samples added up.
package struct TelemetrySum: Equatable, Sendable {
    package var invocations: Int64 = 0
    package var errors: Int64 = 0
    /// How often faults were injected, whichever.
    package var injections: Int64 = 0
    package var durations = DurationHistogram()

    package init() {}

    package mutating func add(_ sample: TelemetrySample) {
        invocations = invocations.bounded(adding: sample.invocations)
        errors = errors.bounded(adding: sample.errors)
        for number in sample.injected.values { injections = injections.bounded(adding: number) }
        durations.add(sample.durations)
    }

    package mutating func add(_ other: TelemetrySum) {
        invocations = invocations.bounded(adding: other.invocations)
        errors = errors.bounded(adding: other.errors)
        injections = injections.bounded(adding: other.injections)
        durations.add(other.durations)
    }
}

extension TelemetrySum {
    /// The parts `added` and `spread` of a statement, which add up the rows of its part `found` that have the same `key`.
    ///
    /// A sum that is too large for any counter is cut to what fits.
    static func adding(by key: Query) -> Query {
        """
        added AS MATERIALIZED (
            SELECT \(key), least(sum(invocations), 9000000000000000000)::bigint AS invocations,
                   least(sum(errors), 9000000000000000000)::bigint AS errors,
                   least(sum(injections), 9000000000000000000)::bigint AS injections
            FROM found GROUP BY \(key)
        ), spread AS MATERIALIZED (
            SELECT \(key), json_object_agg(bucket, count) AS durations
            FROM (
                SELECT \(key), bucket.key AS bucket, least(sum(bucket.value::bigint), 9000000000000000000)::bigint AS count
                FROM found, json_each_text(found.durations) AS bucket
                GROUP BY \(key), bucket.key
            ) AS counted
            GROUP BY \(key)
        )
        """
    }

    init(_ row: inout Row) throws(StoreError) {
        invocations = try row.next()
        errors = try row.next()
        injections = try row.next()
        durations = DurationHistogram(try row.next(JSON.self)) ?? DurationHistogram()
    }
}

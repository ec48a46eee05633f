package import Base

/// What a node says of itself once a second.
package struct Heartbeat: Sendable {
    package let node: String
    package let startedAt: Timestamp
    package let advertise: String
    package let schemaVersion: Int

    package init(node: String, startedAt: Timestamp, advertise: String, schemaVersion: Int) {
        self.node = node
        self.startedAt = startedAt
        self.advertise = advertise
        self.schemaVersion = schemaVersion
    }
}

/// What the database answers to a heartbeat: all that a node must notice within a second.
package struct Pulse: Equatable, Sendable {
    /// The number of this node's beats, this one included.
    package let beat: Int64
    /// The database's clock while it answered.
    package let databaseTime: Timestamp
    /// The newest beat of any node before this one, by the same clock; later than `databaseTime` if that clock ran back.
    package let newestBeatBefore: Timestamp?
    package let schemaVersion: Int
    package let identityChange: Int64
    package let parameterChange: Int64
    /// The other nodes whose last beat is young enough.
    package let others: [OtherNode]
    /// How long ago the last beat came of a node that has beaten lately and does not any more.
    package let lostAge: Duration?
}

/// Another node that is running, as far as its heartbeats tell.
package struct OtherNode: Equatable, Sendable {
    package let id: String
    /// Where it can be reached.
    package let advertise: String
    /// The epoch in which it serves nothing and has that on its disk; nil where it holds nothing back.
    package let latchedEpoch: Int64?

    package init(id: String, advertise: String, latchedEpoch: Int64? = nil) {
        self.id = id
        self.advertise = advertise
        self.latchedEpoch = latchedEpoch
    }

    fileprivate init?(_ json: JSON) {
        guard let id = json[0]?.text, let advertise = json[1]?.text else { return nil }
        self.init(id: id, advertise: advertise, latchedEpoch: json[2]?.whole)
    }
}

extension Transaction {
    /// Records the heartbeat and reads what a node watches, in one statement.
    ///
    /// `latchedEpoch` is told to the others; `freshFor` is the age up to which another node counts as running, and `lostWithin` the age up
    /// to which one counts as lost.
    package func nodePulse(
        _ heartbeat: Heartbeat,
        latchedEpoch: Int64? = nil,
        freshFor: Duration,
        lostWithin: Duration = .zero
    ) throws(StoreError) -> Pulse {
        let (freshSeconds, lostSeconds) = (freshFor.inSeconds, lostWithin.inSeconds)
        return try one(
            """
            WITH beating AS (
                INSERT INTO nodes AS node
                    (id, started_at, advertise, schema_version, latched_epoch, beat, beat_at)
                VALUES (\(heartbeat.node), \(heartbeat.startedAt), \(heartbeat.advertise),
                        \(heartbeat.schemaVersion), \(latchedEpoch), 1, clock_timestamp())
                ON CONFLICT (id) DO UPDATE
                SET started_at = excluded.started_at, advertise = excluded.advertise,
                    schema_version = excluded.schema_version, latched_epoch = excluded.latched_epoch,
                    beat = node.beat + 1, beat_at = clock_timestamp()
                RETURNING beat, beat_at
            )
            SELECT beating.beat, beating.beat_at,
                   (SELECT max(beat_at) FROM nodes),
                   (SELECT coalesce(max(number), 0) FROM schema_migrations),
                   (SELECT number FROM identity_changes),
                   (SELECT number FROM parameter_changes),
                   (SELECT coalesce(json_agg(json_build_array(id, advertise, latched_epoch) ORDER BY id), '[]')
                    FROM nodes
                    WHERE id <> \(heartbeat.node)
                      AND nodes.beat_at > beating.beat_at - make_interval(secs => \(freshSeconds))),
                   (SELECT (extract(epoch FROM beating.beat_at - max(nodes.beat_at)) * 1000)::bigint FROM nodes
                    WHERE id <> \(heartbeat.node)
                      AND nodes.beat_at <= beating.beat_at - make_interval(secs => \(freshSeconds))
                      AND nodes.beat_at > beating.beat_at - make_interval(secs => \(lostSeconds)))
            FROM beating
            """
        ) { row throws(StoreError) in
            Pulse(
                beat: try row.next(),
                databaseTime: try row.next(),
                newestBeatBefore: try row.nextIfAny(),
                schemaVersion: try row.next(),
                identityChange: try row.next(),
                parameterChange: try row.next(),
                others: try row.next(JSON.self).elements?.compactMap { OtherNode($0) } ?? [],
                lostAge: try row.nextIfAny(Int64.self).map { .milliseconds($0) }
            )
        }
    }

    /// How many nodes have beaten within that time, by the database's clock.
    func nodeCountFresh(within age: Duration, except node: String = "") throws(StoreError) -> Int {
        try one(
            """
            SELECT count(*) FROM nodes
            WHERE beat_at > clock_timestamp() - make_interval(secs => \(age.inSeconds)) AND id <> \(node)
            """
        ) { row throws(StoreError) in try row.next() }
    }
}

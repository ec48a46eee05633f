package import Base

/// A node as the others see it.
package struct Node: Equatable, Sendable {
    package let id: String
    package let startedAt: Timestamp
    package let advertise: String
    package let schemaVersion: Int
    package let beat: Int64
    package let beatAt: Timestamp
}

extension Transaction {
    /// The nodes that have beaten within that time, by the database's clock: whom a halt must reach.
    package func nodeList(freshFor age: Duration) throws(StoreError) -> [Node] {
        try all(
            """
            SELECT id, started_at, advertise, schema_version, beat, beat_at FROM nodes
            WHERE beat_at > clock_timestamp() - make_interval(secs => \(age.inSeconds))
            ORDER BY id
            """
        ) { row throws(StoreError) in
            Node(
                id: try row.next(),
                startedAt: try row.next(),
                advertise: try row.next(),
                schemaVersion: try row.next(),
                beat: try row.next(),
                beatAt: try row.next()
            )
        }
    }
}

import Base

/// What the next seal is made from.
package struct SealGround: Equatable, Sendable {
    /// The newest seal there is; 0 and no digest before the first.
    package let number: Int64
    package let digest: [UInt8]
    /// Runs whose events grew since they were sealed.
    package let heads: [SealedHead]
}

extension Transaction {
    /// Reads the newest seal, and runs whose events grew since they were sealed.
    package func sealGround(limit: Int) throws(StoreError) -> SealGround {
        let newest = try first("SELECT number, digest FROM event_seals ORDER BY number DESC LIMIT 1") {
            row throws(StoreError) in
            (number: try row.next(Int64.self), digest: try row.next([UInt8].self))
        }
        let heads = try all(
            """
            SELECT id, event_count, event_head FROM experiments
            WHERE event_count > sealed_count ORDER BY id LIMIT \(limit)
            """
        ) { row throws(StoreError) in
            SealedHead(experiment: try row.next(), number: try row.next(), digest: try row.next())
        }
        return SealGround(number: newest?.number ?? 0, digest: newest?.digest ?? [], heads: heads)
    }

    /// Writes a seal if it is the next one, and notes in its runs how far they are sealed; false where another was faster.
    ///
    /// One statement, so that no run is kept waiting by a process that is frozen while it holds them. A run that somebody is
    /// changing is passed over: its head is sealed all the same, and once more with the next seal.
    package func sealAppend(_ seal: EventSeal) throws(StoreError) -> Bool {
        try one(
            """
            WITH sealed AS (
                INSERT INTO event_seals (number, at, heads, digest)
                SELECT \(seal.number)::bigint, \(seal.at)::timestamptz, \(seal.heads)::json, \(seal.digest)::bytea
                WHERE \(seal.number)::bigint = (SELECT coalesce(max(number), 0) + 1 FROM event_seals)
                ON CONFLICT DO NOTHING
                RETURNING number, heads
            ), free AS (
                SELECT experiments.id, sealed.number AS seal, head.number
                FROM sealed, json_to_recordset(sealed.heads) AS head (experiment text, number integer)
                JOIN experiments ON experiments.id = head.experiment
                FOR NO KEY UPDATE OF experiments SKIP LOCKED
            ), noted AS (
                UPDATE experiments SET sealed_count = free.number, seal = free.seal
                FROM free WHERE experiments.id = free.id
            )
            SELECT EXISTS (SELECT FROM sealed)
            """
        ) { row throws(StoreError) in try row.next() }
    }
}

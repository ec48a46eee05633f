import Base

/// A run's chain of events as the database has it, for whoever checks it.
package struct StoredChain: Sendable {
    package let experiment: String
    /// How many events its row says there are, and the last one's digest.
    package let count: Int
    package let head: [UInt8]
    package let events: [ExperimentEvent]
}

/// A sealed head that is not the digest of the event it names.
package struct BrokenHead: Equatable, Sendable {
    package let experiment: String
    package let number: Int
    /// False where the event is there and has another digest.
    package let isMissing: Bool
}

extension Transaction {
    /// The chains of every account's runs in the order of their ids, a page at a time.
    ///
    /// Two statements that must see the same moment.
    package func chainList(after id: String, limit: Int) throws(StoreError) -> [StoredChain] {
        let rows = try all(
            """
            SELECT id, event_count, event_head FROM experiments WHERE id > \(id) ORDER BY id LIMIT \(limit)
            """
        ) { row throws(StoreError) in
            SealedHead(experiment: try row.next(), number: try row.next(), digest: try row.next())
        }
        guard let last = rows.last else { return [] }
        let events = try all(
            """
            SELECT experiment, \(ExperimentEvent.columns) FROM experiment_events AS step, \(ExperimentEvent.listed)
            WHERE experiment > \(id) AND experiment <= \(last.experiment) ORDER BY experiment, last, place
            """
        ) { row throws(StoreError) in
            (experiment: try row.next(String.self), event: try ExperimentEvent(&row))
        }
        let grouped = Dictionary(grouping: events, by: \.experiment)
        return rows.map { row in
            StoredChain(
                experiment: row.experiment,
                count: row.number,
                head: row.digest,
                events: grouped[row.experiment]?.map(\.event) ?? []
            )
        }
    }

    /// Seals in their order, a page at a time.
    package func sealList(after number: Int64, limit: Int) throws(StoreError) -> [EventSeal] {
        try all(
            """
            SELECT \(EventSeal.columns) FROM event_seals WHERE number > \(number) ORDER BY number LIMIT \(limit)
            """
        ) { row throws(StoreError) in try EventSeal(&row) }
    }

    /// Those heads of some seals that are not the digests of the events they name.
    ///
    /// A run that retention has forgotten takes nothing away from the seals that name it.
    package func sealBrokenHeads(of seals: [EventSeal]) throws(StoreError) -> [BrokenHead] {
        let numbers = JSON.array(seals.map { .integer($0.number) })
        return try all(
            """
            SELECT head.experiment, head.number, event.digest IS NULL
            FROM event_seals AS seal,
                 json_to_recordset(seal.heads) AS head (experiment text, number integer, head text)
            JOIN experiments ON experiments.id = head.experiment
            LEFT JOIN LATERAL (
                SELECT event ->> 'digest' AS digest
                FROM experiment_events AS step, \(ExperimentEvent.listed)
                WHERE step.experiment = head.experiment AND event ->> 'number' = head.number::text
            ) AS event ON true
            WHERE seal.number IN (SELECT value::bigint FROM json_array_elements_text(\(numbers)::json))
              AND event.digest IS DISTINCT FROM head.head
            ORDER BY seal.number, head.experiment
            """
        ) { row throws(StoreError) in
            BrokenHead(experiment: try row.next(), number: try row.next(), isMissing: try row.next())
        }
    }

    /// The newest seal that any run says it is in; nil where none was sealed.
    package func sealNewestNamed() throws(StoreError) -> Int64? {
        try one("SELECT max(seal) FROM experiments") { row throws(StoreError) in try row.nextIfAny() }
    }
}

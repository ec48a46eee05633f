import Base
import Store

/// What somebody with a way into the database could do to the history of runs.
package enum Tampering: Sendable {
    case payload(experiment: String, number: Int, String)
    /// An event that is gone, and the row's count and head made to fit those that are left.
    case cut(experiment: String, number: Int)
    case lost(experiment: String, number: Int)
    case count(experiment: String, Int)
    case head(experiment: String)
    /// Another event in place of one, with digests that fit.
    case replaced(experiment: String, number: Int, payload: String, digest: [UInt8])
    case seal(Int)
    case sealedHead(seal: Int, from: String, to: String)
    case forgotten(experiment: String)
}

extension Database {
    package func tamper(_ how: Tampering) async throws -> Int {
        try await statement { transaction throws(StoreError) in try transaction.execute(how.query) }
    }
}

extension Tampering {
    fileprivate var query: Query {
        switch self {
        case .payload(let id, let number, let payload):
            Self.rewriting(
                id,
                number,
                as:
                    "json_build_object('number', \(number)::int, 'payload', \(payload)::json, 'digest', event ->> 'digest')"
            )
        case .cut(let id, let number):
            """
            WITH events AS (
                SELECT (event ->> 'number')::int AS number, event, event ->> 'digest' AS digest
                FROM experiment_events, json_array_elements(events) AS event WHERE experiment = \(id)
            ), gone AS (
                DELETE FROM experiment_events WHERE experiment = \(id) AND last > \(number) - 1
            ), kept AS (
                INSERT INTO experiment_events (experiment, last, events)
                SELECT \(id), \(number) - 1, json_agg(event ORDER BY number) FROM events
                WHERE number < \(number) AND number > coalesce(
                    (SELECT max(last) FROM experiment_events WHERE experiment = \(id) AND last < \(number) - 1), 0)
                ON CONFLICT DO NOTHING
            )
            UPDATE experiments SET event_count = \(number) - 1, sealed_count = \(number) - 1,
                event_head = decode((SELECT digest FROM events WHERE number = \(number) - 1), 'hex')
            WHERE id = \(id)
            """
        case .lost(let id, let number): Self.rewriting(id, number, as: "NULL")
        case .count(let id, let count): "UPDATE experiments SET event_count = \(count) WHERE id = \(id)"
        case .head(let id):
            "UPDATE experiments SET event_head = sha256(event_head) WHERE id = \(id)"
        case .replaced(let id, let number, let payload, let digest):
            """
            WITH changed AS (
                \(Self.rewriting(id, number, as: "json_build_object('number', \(number)::int, 'payload', \(payload)::json, 'digest', encode(\(digest), 'hex'))"))
            )
            UPDATE experiments SET event_head = \(digest) WHERE id = \(id)
            """
        case .seal(let number): "DELETE FROM event_seals WHERE number = \(number)"
        case .sealedHead(let number, let from, let to):
            """
            UPDATE event_seals SET heads = replace(heads::text, \(from), \(to))::json WHERE number = \(number)
            """
        case .forgotten(let id): "DELETE FROM experiments WHERE id = \(id)"
        }
    }

    /// Puts something else in an event's place; NULL leaves nothing there.
    private static func rewriting(_ id: String, _ number: Int, as other: Query) -> Query {
        """
        UPDATE experiment_events AS step SET events = (
            SELECT coalesce(json_agg(changed ORDER BY place) FILTER (WHERE changed IS NOT NULL), '[]')
            FROM (SELECT place, CASE WHEN event ->> 'number' = \(number)::int::text THEN \(other) ELSE event END AS changed
                  FROM json_array_elements(step.events) WITH ORDINALITY AS listed (event, place)) AS all_events)
        WHERE experiment = \(id) AND EXISTS (
            SELECT FROM json_array_elements(step.events) AS event WHERE event ->> 'number' = \(number)::int::text)
        """
    }
}

extension Database {
    /// Makes every node's heartbeats begin anew, as in a backup that is older than they are.
    package func forgetBeats() async throws {
        _ = try await statement { transaction throws(StoreError) in
            try transaction.execute("DELETE FROM nodes")
        }
    }
}

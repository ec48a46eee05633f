import Base
import Store

/// What somebody with a way into the database could do to the history of runs.
package enum Tampering: Sendable {
    case payload(experiment: String, number: Int, String)
    case time(experiment: String, number: Int)
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
            """
            UPDATE experiment_events SET payload = \(payload)::json
            WHERE experiment = \(id) AND number = \(number)
            """
        case .time(let id, let number):
            """
            UPDATE experiment_events SET at = at + interval '1 second'
            WHERE experiment = \(id) AND number = \(number)
            """
        case .cut(let id, let number):
            """
            WITH gone AS (
                DELETE FROM experiment_events WHERE experiment = \(id) AND number >= \(number)
            )
            UPDATE experiments SET event_count = \(number) - 1, sealed_count = \(number) - 1,
                event_head = (SELECT digest FROM experiment_events AS event
                              WHERE event.experiment = \(id) AND event.number = \(number) - 1)
            WHERE id = \(id)
            """
        case .lost(let id, let number):
            "DELETE FROM experiment_events WHERE experiment = \(id) AND number = \(number)"
        case .count(let id, let count): "UPDATE experiments SET event_count = \(count) WHERE id = \(id)"
        case .head(let id):
            "UPDATE experiments SET event_head = sha256(event_head) WHERE id = \(id)"
        case .replaced(let id, let number, let payload, let digest):
            """
            WITH changed AS (
                UPDATE experiment_events SET payload = \(payload)::json, digest = \(digest)
                WHERE experiment = \(id) AND number = \(number)
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
}

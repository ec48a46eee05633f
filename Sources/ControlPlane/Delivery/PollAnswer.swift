import Base
import Experiments
import HTTPServer
import Store

/// What goes over the wire to a poll.
struct PollAnswer {
    /// What comes with a version: for how long it may be trusted, and by which time.
    private struct Terms {
        let version: FaultVersion
        let lease: Duration
        let held: Duration
        let told: Timestamp
    }

    private let status: Status
    /// Nil where the node is not sure.
    private let terms: Terms?
    private let next: Duration
    private let body: [UInt8]

    /// `told` is the deployment's time; `chance` between 0 and 1 spreads when those who are answered together come back.
    init(
        _ turn: PollTurn,
        to poll: Poll,
        at now: Instant,
        _ told: Timestamp,
        pacing: PollPacing,
        chance: Double
    ) {
        let held = max(now - poll.arrivedAt, .zero)
        switch turn.decision {
        case .document(let version, let faults, let lease):
            self.init(
                status: .ok,
                terms: Terms(version: version, lease: lease, held: held, told: told),
                next: pacing.next(waits: poll.waits, hasFaults: !faults.isEmpty, chance: chance),
                body: turn.body
            )
        case .unchanged(let version, let hasFaults, let lease):
            self.init(
                status: .notModified,
                terms: Terms(version: version, lease: lease, held: held, told: told),
                next: pacing.next(waits: poll.waits, hasFaults: hasFaults, chance: chance),
                body: []
            )
        case .degraded(let epoch, let reason):
            self.init(unsure: reason, epoch, poll, next: pacing.afterDegraded(chance: chance))
        case .behind(let epoch, let named):
            let reason = "this deployment has no version \(named) of the target yet"
            self.init(unsure: reason, epoch, poll, next: pacing.afterDegraded(chance: chance))
        }
    }

    private init(status: Status, terms: Terms?, next: Duration, body: [UInt8]) {
        self.status = status
        self.terms = terms
        self.next = next
        self.body = body
    }

    private init(unsure reason: String, _ epoch: Int64, _ poll: Poll, next: Duration) {
        let body = ServedDocument.body(of: poll.room.key.target, nil, epoch: epoch, degraded: reason)
        self.init(status: .ok, terms: nil, next: next, body: body)
    }

    /// Straight to the connection.
    func write(to writer: inout ResponseWriter) {
        writer.start(status)
        eachHeader { writer.header($0, $1) }
        writer.finish(body: body)
    }

    /// As a value, for who had to wait for the database.
    var response: Response {
        var response = Response(status, body: .whole(body))
        eachHeader { response.headers.append(($0, $1.description)) }
        return response
    }

    private func eachHeader(_ take: (StaticString, HeaderValue) -> Void) {
        if status.hasBody { take("Content-Type", .text("application/json")) }
        if let terms { take("ETag", .quoted(terms.version.number)) }
        take("Cache-Control", .text("no-store"))
        if let terms {
            take("Faultplane-Lease", .seconds(terms.lease.nanoseconds))
            take("Faultplane-Held", .seconds(terms.held.nanoseconds))
        }
        take("Faultplane-Next-Poll", .seconds(next.nanoseconds))
        if let terms { take("Faultplane-Time", .seconds(terms.told.nanoseconds)) }
    }
}

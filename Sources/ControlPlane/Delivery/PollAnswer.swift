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
        /// In nanoseconds.
        let held: Int64
        let told: Timestamp
    }

    private let status: Status
    /// Nil where the node is not sure.
    private let terms: Terms?
    private let next: Duration
    private let body: [UInt8]

    /// `told` is the deployment's time.
    init(_ turn: PollTurn, to poll: Poll, at now: Instant, _ told: Timestamp, pacing: PollPacing) {
        let held = max(now.nanoseconds.bounded(subtracting: poll.arrivedAt.nanoseconds), 0)
        switch turn.decision {
        case .document(let version, let faults, let lease):
            self.init(
                status: .ok,
                terms: Terms(version: version, lease: lease, held: held, told: told),
                next: pacing.next(waits: poll.waits, hasFaults: !faults.isEmpty, chance: poll.chance),
                body: turn.body
            )
        case .unchanged(let version, let hasFaults, let lease):
            self.init(
                status: .notModified,
                terms: Terms(version: version, lease: lease, held: held, told: told),
                next: pacing.next(waits: poll.waits, hasFaults: hasFaults, chance: poll.chance),
                body: []
            )
        case .degraded(let epoch, let reason):
            self.init(unsure: reason, epoch, poll, next: pacing.afterDegraded(chance: poll.chance))
        case .behind(let epoch, let named):
            let reason = "this deployment has no version \(named) of the target yet"
            self.init(unsure: reason, epoch, poll, next: pacing.afterDegraded(chance: poll.chance))
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
        writeHeaders(to: &writer)
        writer.finish(body: body)
    }

    /// As a value, for who had to wait for the database.
    var response: Response {
        var response = Response(status, body: .whole(body))
        writeHeaders(to: &response)
        return response
    }

    private func writeHeaders<Sink: HeaderSink & ~Copyable>(to sink: inout Sink) {
        if status.hasBody { sink.header("Content-Type", "application/json") }
        if let terms { sink.header("ETag", .quoted(terms.version.number)) }
        sink.header("Cache-Control", "no-store")
        if let terms {
            sink.header("Faultplane-Lease", .seconds(terms.lease.nanoseconds))
            sink.header("Faultplane-Held", .seconds(terms.held))
        }
        sink.header("Faultplane-Next-Poll", .seconds(next.nanoseconds))
        if let terms { sink.header("Faultplane-Time", .seconds(terms.told.nanoseconds)) }
    }
}

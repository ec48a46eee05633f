package import Base

/// How sure a node may be that what it serves is what the database says.
///
/// A lease that it hands out began when the older of two things began: its last heartbeat that was committed, and its last whole reading
/// of documents and lever. So nothing that it ever answered is trusted for longer than a lease after the node lost its database,
/// whatever else it still believes.
package struct NodeTrust: Equatable, Sendable {
    package var lease: Duration
    /// When the last committed heartbeat began.
    package var beatAt: Instant?
    /// When the last whole reading began.
    package var readAt: Instant?

    package init(lease: Duration, beatAt: Instant? = nil, readAt: Instant? = nil) {
        self.lease = lease
        self.beatAt = beatAt
        self.readAt = readAt
    }

    package enum Standing: Equatable, Sendable {
        /// For how long an answer of now may be trusted.
        case sure(for: Duration)
        /// Why none may.
        case unsure(String)
    }

    /// Under a third of the lease is not worth handing out: whoever gets it could not renew it in time.
    package func standing(at now: Instant) -> Standing {
        guard let beatAt else { return .unsure("no heartbeat of this node is recorded yet") }
        guard let readAt else { return .unsure("this node has not read the documents yet") }
        if SeededBug.isOn(.serveAfterTrust) { return .sure(for: lease) }
        let age = max(now - min(beatAt, readAt), .zero)
        let left = lease - age
        // Added up, as multiplying a duration takes ten times longer, and every poll asks this.
        if left + left + left >= lease { return .sure(for: left) }
        let seconds = age.nanoseconds / 1_000_000_000
        return .unsure(
            beatAt <= readAt
                ? "no heartbeat for \(seconds) s" : "no reading of the documents for \(seconds) s"
        )
    }
}

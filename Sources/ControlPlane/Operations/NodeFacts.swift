package import Base

/// What a node knows of its own state, as its heartbeat found it.
package struct NodeFacts: Sendable {
    /// The last heartbeat that the database committed.
    package struct Beat: Equatable, Sendable {
        package var at: Instant
        /// How far the database's clock was ahead of this machine's.
        package var clockAhead: Duration
        /// How far the database's clock was behind the newest heartbeat it had recorded before; normally negative.
        package var clockRanBack: Duration
        package var schemaVersion: Int
        package var freshNodes: Int
        /// Why the node engaged the lever by itself, while that stands.
        package var wentBack: String?

        package init(
            at: Instant,
            clockAhead: Duration,
            clockRanBack: Duration,
            schemaVersion: Int,
            freshNodes: Int,
            wentBack: String? = nil
        ) {
            self.at = at
            self.clockAhead = clockAhead
            self.clockRanBack = clockRanBack
            self.schemaVersion = schemaVersion
            self.freshNodes = freshNodes
            self.wentBack = wentBack
        }
    }

    package var beat: Beat?
    /// Why the last attempt failed, if it did.
    package var failure: String?
    package var startedAt: Instant
    package let schemaVersion: Int

    package init(startedAt: Instant, schemaVersion: Int) {
        self.startedAt = startedAt
        self.schemaVersion = schemaVersion
    }
}

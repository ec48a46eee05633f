package import Base

/// The node's facts, where the heartbeat writes them and everybody reads them.
package final class NodeState: Sendable {
    private let facts: Locked<NodeFacts>
    private let clock: Clock

    package init(schemaVersion: Int, clock: Clock) {
        self.clock = clock
        facts = Locked(NodeFacts(startedAt: clock.now(), schemaVersion: schemaVersion))
    }

    package var current: NodeFacts { facts.withLock { $0 } }

    package var readiness: Readiness { Readiness(current, now: clock.now()) }

    func beaten(_ beat: NodeFacts.Beat) {
        facts.withLock {
            $0.beat = beat
            $0.failure = nil
        }
    }

    func failed(_ reason: String) { facts.withLock { $0.failure = reason } }
}

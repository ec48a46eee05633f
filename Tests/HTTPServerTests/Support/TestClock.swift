import Base

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
    private let moved = Locked<Duration>(.zero)
    private let start = Instant.now
    private let wallStart = Timestamp.now

    var now: Instant { start + moved.withLock { $0 } }

    var clock: Clock {
        Clock(now: { self.now }, wall: { self.wallStart + self.moved.withLock { $0 } })
    }

    func advance(by time: Duration) { moved.withLock { $0 += time } }
}

import Base

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
    private struct Hands {
        var now = Instant(nanoseconds: 1_000_000_000_000)
        var wall = Timestamp(seconds: 1_790_000_000)
    }

    private let hands = Locked(Hands())

    package init() {}

    package var clock: Clock {
        Clock(now: { self.hands.withLock { $0.now } }, wall: { self.hands.withLock { $0.wall } })
    }

    package func advance(by duration: Duration) {
        hands.withLock {
            $0.now = $0.now + duration
            $0.wall = $0.wall + duration
        }
    }

    /// Moves only everybody's time, as an administrator or a bad time server would.
    package func step(wallBy duration: Duration) { hands.withLock { $0.wall = $0.wall + duration } }
}

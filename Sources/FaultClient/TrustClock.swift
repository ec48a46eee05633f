package import Base

/// What both clocks of an injector's machine say at one moment.
package struct ClockReading: Equatable, Sendable {
    /// Counts time asleep, but stands still while a virtual machine is paused.
    package var boot: Instant
    /// Goes on while the machine is paused, and may be set to anything at any time.
    package var wall: Timestamp

    package init(boot: Instant, wall: Timestamp) {
        self.boot = boot
        self.wall = wall
    }

    package static var now: ClockReading { ClockReading(boot: .now, wall: .now) }
}

/// A moment on an injector's trust clock.
package struct TrustMoment: Comparable, Hashable, Sendable {
    let nanoseconds: Int64

    package static func < (left: TrustMoment, right: TrustMoment) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    static func + (left: TrustMoment, right: Duration) -> TrustMoment {
        TrustMoment(nanoseconds: left.nanoseconds.bounded(adding: right.nanoseconds))
    }
}

/// The clock on which trust runs out: it may run fast and never slow.
///
/// Between two readings it goes on by as much as the faster of the two clocks did. So a wall clock that is set forward makes trust end
/// early, and one that is set back, or a machine that was paused, does not make it last longer.
struct TrustClock {
    private var last: ClockReading?
    private var nanoseconds: Int64 = 0

    mutating func moment(at reading: ClockReading) -> TrustMoment {
        if let last {
            let passed = max(
                (reading.boot - last.boot).nanoseconds,
                (reading.wall - last.wall).nanoseconds,
                0
            )
            nanoseconds = nanoseconds.bounded(adding: passed)
        }
        // Readings of two threads may come in the wrong order: what was counted once is not counted again.
        last = ClockReading(boot: max(reading.boot, last?.boot ?? reading.boot), wall: reading.wall)
        return TrustMoment(nanoseconds: nanoseconds)
    }
}

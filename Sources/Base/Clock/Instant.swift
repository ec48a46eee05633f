import CLinux
import Glibc

/// A moment on the machine's own clock, which never jumps and counts time asleep.
///
/// Intervals, deadlines and leases live on it. It says nothing to another machine.
package struct Instant: Comparable, Hashable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static var now: Instant { Instant(nanoseconds: readClock(CLOCK_BOOTTIME)) }

    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func + (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds.bounded(adding: right.nanoseconds))
    }

    package static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds.bounded(subtracting: right.nanoseconds))
    }
}

extension Duration {
    /// The whole of it in nanoseconds; what does not fit (292 years) is cut to the largest that does.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        return product.bounded(adding: attoseconds / 1_000_000_000)
    }

    /// The whole of it in seconds.
    package var inSeconds: Double { Double(nanoseconds) / 1e9 }
}

func readClock(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // Cannot fail for these clocks on any kernel we run on.
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

import Glibc

/// A moment in everybody's time: what records, logs and answers carry.
package struct Timestamp: Comparable, Hashable, Sendable {
    /// Nanoseconds since the start of 1970, UTC.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Seconds since the start of 1970.
    ///
    /// What does not fit (292 years) is cut to the last moment that does, and what is no number is the start of 1970.
    package init(seconds: Double) {
        guard abs(seconds) < 9_223_372_036 else {
            nanoseconds = seconds.isNaN ? 0 : seconds < 0 ? .min : .max
            return
        }
        // Apart, because a double of all the nanoseconds would be a quarter of a microsecond off.
        let whole = seconds.rounded(.down)
        nanoseconds = Int64(whole) * 1_000_000_000 + Int64((seconds - whole) * 1e9)
    }

    package static var now: Timestamp { Timestamp(nanoseconds: readClock(CLOCK_REALTIME)) }

    package var seconds: Double { Double(nanoseconds) / 1e9 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .nanoseconds(left.nanoseconds.bounded(subtracting: right.nanoseconds))
    }

    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds.bounded(adding: right.nanoseconds))
    }
}

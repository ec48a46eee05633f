import Glibc

/// A moment in everybody's time: what records, logs and answers carry.
package struct Timestamp: Comparable, Hashable, Sendable {
    /// Nanoseconds since the start of 1970, UTC.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package init(seconds: Double) { nanoseconds = Int64(seconds * 1e9) }

    package static var now: Timestamp { Timestamp(nanoseconds: readClock(CLOCK_REALTIME)) }

    package var seconds: Double { Double(nanoseconds) / 1e9 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
}

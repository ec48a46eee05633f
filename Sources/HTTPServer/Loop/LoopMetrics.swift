import Base
import Synchronization

/// What one loop counts.
///
/// Only the loop writes; anybody may read.
final class LoopMetrics: Sendable {
    let open = Counter()
    let parked = Counter()
    let accepted = Counter()
    let yielded = Counter()
    let acceptFailures = Counter()
    /// How long one turn of the loop kept everybody else waiting.
    let lag = Histogram()

    var snapshot: LoopSnapshot {
        LoopSnapshot(
            open: open.value,
            parked: parked.value,
            accepted: accepted.value,
            yielded: yielded.value,
            acceptFailures: acceptFailures.value,
            lag: lag.snapshot
        )
    }
}

/// A loop's counts at one moment.
package struct LoopSnapshot: Sendable {
    /// Connections open now.
    package let open: Int
    /// Requests parked now.
    package let parked: Int
    /// Connections accepted so far.
    package let accepted: Int
    /// Parked requests sent home early, to make room for a new connection.
    package let yielded: Int
    package let acceptFailures: Int
    package let lag: Histogram.Snapshot
}

/// A number with one writer: a plain load and store, without the bus lock of an atomic addition.
package struct Counter: ~Copyable, Sendable {
    private let number = Atomic<Int>(0)

    package init() {}

    package var value: Int { number.load(ordering: .relaxed) }

    @inline(__always)
    package func add(_ amount: Int = 1) {
        number.store(number.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }
}

/// A distribution of durations with one writer, in buckets that double from 16 microseconds to about 17 minutes.
package final class Histogram: Sendable {
    package static let bucketCount = 27

    private let buckets = InlineArray<27, Atomic<Int>> { _ in Atomic(0) }
    private let total = Atomic<Int64>(0)

    package init() {}

    package func record(_ duration: Int64) {
        let index = Self.bucket(duration)
        buckets[index].store(buckets[index].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        total.store(total.load(ordering: .relaxed) &+ duration, ordering: .relaxed)
    }

    /// How many fell into each bucket, and the sum of all in nanoseconds.
    package struct Snapshot: Sendable {
        package var counts: [Int]
        package var totalNanoseconds: Int64

        /// Nothing recorded yet.
        package init() {
            counts = [Int](repeating: 0, count: Histogram.bucketCount)
            totalNanoseconds = 0
        }

        /// Takes another loop's record in.
        package mutating func add(_ other: Snapshot) {
            for index in counts.indices { counts[index] += other.counts[index] }
            totalNanoseconds += other.totalNanoseconds
        }
    }

    package var snapshot: Snapshot {
        var snapshot = Snapshot()
        for index in 0..<Self.bucketCount { snapshot.counts[index] = buckets[index].load(ordering: .relaxed) }
        snapshot.totalNanoseconds = total.load(ordering: .relaxed)
        return snapshot
    }

    /// The upper end of a bucket in nanoseconds; the last has none.
    package static func upperBound(_ bucket: Int) -> Int64 { 16_000 << Int64(bucket) }

    private static func bucket(_ duration: Int64) -> Int {
        let units = UInt64(max(0, duration) / 16_000)
        return min(UInt64.bitWidth - units.leadingZeroBitCount, bucketCount - 1)
    }
}

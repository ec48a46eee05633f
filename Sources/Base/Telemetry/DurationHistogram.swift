import Glibc

/// How long invocations took, as counts in buckets of which four go to each doubling: what injectors report and percentiles are read from.
///
/// Bucket `i` holds what took longer than bucket `i - 1` does, up to 2^(i/4) milliseconds; the first begins at nothing and the last has no
/// end. All histograms have the same buckets, so adding them up loses nothing.
package struct DurationHistogram: Equatable, Sendable {
    /// From one millisecond to a quarter of an hour, and one for what takes longer.
    package static let bucketCount = 81

    /// No more than this is ever counted in one bucket.
    private static let most = Int64.max / 1_024

    /// The counts of all buckets; none before the first duration.
    private var counts: [Int64] = []

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// How many durations there are in it.
    package var total: Int64 { counts.reduce(0) { $0.bounded(adding: $1) } }

    package mutating func add(_ duration: Duration) { add(1, in: Self.bucket(of: duration)) }

    /// Adds to a bucket's count; a bucket that there is not changes nothing.
    package mutating func add(_ number: Int64, in bucket: Int) {
        guard number > 0, (0..<Self.bucketCount).contains(bucket) else { return }
        if counts.isEmpty { counts = [Int64](repeating: 0, count: Self.bucketCount) }
        counts[bucket] = min(counts[bucket].bounded(adding: number), Self.most)
    }

    package mutating func add(_ other: DurationHistogram) {
        for (bucket, number) in other.counts.enumerated() { add(number, in: bucket) }
    }

    /// The buckets that hold something, in their order.
    package var buckets: [(bucket: Int, count: Int64)] {
        counts.enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element) }
    }
}

extension DurationHistogram {
    /// The first bucket that a duration fits into.
    package static func bucket(of duration: Duration) -> Int {
        let milliseconds = Double(duration.nanoseconds) / 1e6
        var (low, high) = (0, bucketCount - 1)
        while low < high {
            let middle = (low + high) / 2
            if milliseconds <= upperBound(of: middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The longest that a bucket is for, in milliseconds.
    package static func upperBound(of bucket: Int) -> Double {
        // Whole doublings are exact.
        Double(1 << (bucket / 4)) * exp2(Double(bucket % 4) / 4)
    }

    /// The duration in milliseconds below which this share of all lies; nil where there is none.
    ///
    /// Within a bucket durations are taken to be spread evenly over its logarithm: the answer is less than a fifth away from the truth.
    package func percentile(_ share: Double) -> Double? {
        let total = total
        guard total > 0 else { return nil }
        let rank = max(1, (min(max(share, 0), 1) * Double(total)).rounded(.up))
        var before = 0.0
        for (bucket, count) in buckets {
            let reached = before + Double(count)
            if reached >= rank {
                let (upper, part) = (Self.upperBound(of: bucket), (rank - before) / Double(count))
                return bucket == 0 ? upper * part : upper * exp2((part - 1) / 4)
            }
            before = reached
        }
        return nil
    }
}

extension DurationHistogram {
    /// The counts by their buckets' numbers, as in `{"12":5}`.
    package var json: JSON { .object(buckets.map { .init(String($0.bucket), .integer($0.count)) }) }

    /// Nil where this is no histogram: another kind of value, a bucket that there is not or twice, a count below zero or beyond `limit`.
    package init?(_ json: JSON, atMost limit: Int64 = .max) {
        guard let members = json.members, members.count <= Self.bucketCount else { return nil }
        var seen: Set<Int> = []
        for member in members {
            guard let bucket = Int(member.name), String(bucket) == member.name,
                (0..<Self.bucketCount).contains(bucket), seen.insert(bucket).inserted,
                let count = member.value.whole, (0...limit).contains(count)
            else { return nil }
            add(count, in: bucket)
        }
    }
}

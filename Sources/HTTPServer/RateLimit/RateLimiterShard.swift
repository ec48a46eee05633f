/// A part of a limiter's keys: sets of eight places, and the one bucket of those who find none.
struct RateLimiterShard {
    private struct Bucket {
        var key: UInt64 = 0
        /// When it is full again; before any use it always was.
        var fullAt = Int64.min
    }

    private static let ways = 8

    private var buckets: [Bucket]
    private let setMask: Int
    private var shared = Bucket()

    var capacity: Int { buckets.count }

    init(capacity: Int) {
        var sets = 1
        while sets * Self.ways < capacity { sets *= 2 }
        buckets = [Bucket](repeating: Bucket(), count: sets * Self.ways)
        setMask = sets - 1
    }

    /// How many nanoseconds until the key may; 0 when it may now, and then it has.
    mutating func take(_ key: UInt64, _ place: UInt64, _ allowance: RateAllowance, _ now: Int64) -> Int64 {
        let first = (Int(truncatingIfNeeded: place) & setMask) * Self.ways
        var free = -1
        for index in first..<first + Self.ways {
            if buckets[index].fullAt <= now {
                free = index
            } else if buckets[index].key == key {
                return Self.take(&buckets[index], allowance, now)
            }
        }
        guard free >= 0 else { return Self.take(&shared, allowance, now) }
        buckets[free] = Bucket(key: key)
        return Self.take(&buckets[free], allowance, now)
    }

    private static func take(_ bucket: inout Bucket, _ allowance: RateAllowance, _ now: Int64) -> Int64 {
        let next = max(bucket.fullAt, now).addingReportingOverflow(allowance.interval).partialValue
        let wait = next &- now &- allowance.depth
        if wait > 0 { return wait }
        bucket.fullAt = next
        return 0
    }
}

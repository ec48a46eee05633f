package import Base

/// How often each key may ask: a token bucket per key, in memory that is set aside once and never grows.
///
/// A bucket is one moment (GCRA): when it will be full again if nobody asks. A bucket whose moment has passed is full
/// and needs no memory, so its place is free without anybody sweeping. When all places that a key may have are taken
/// by others it shares one bucket with whoever else finds none: refused too soon perhaps, but never unlimited, and
/// those who have a place notice nothing.
package final class RateLimiter: Sendable {
    private static let shardCount = 16

    private let shards: [Locked<RateLimiterShard>]
    /// Peers choose keys, so where a key goes must not be for them to know.
    private let seed = UInt64.random(in: .min ... .max)

    /// `capacity` is how many keys can be partly used up at once, at 16 bytes each; it is rounded up.
    package init(capacity: Int = 65_536) {
        shards = (0..<Self.shardCount).map { _ in
            Locked(RateLimiterShard(capacity: max(1, capacity) / Self.shardCount))
        }
    }

    /// How many keys have a place of their own.
    package var capacity: Int { shards.reduce(0) { sum, shard in sum + shard.withLock { $0.capacity } } }

    /// Takes one from the key's bucket, which holds `burst` and gains `rate` a second.
    ///
    /// Nil when it was there; otherwise nothing is taken, and the result is how long until one will be.
    package func take(_ key: UInt64, rate: Double, burst: Int, now: Instant) -> Duration? {
        let allowance = RateAllowance(rate: rate, burst: burst)
        let place = scrambled(key)
        let wait = shards[Int(place >> 60)].withLock { $0.take(key, place, allowance, now.nanoseconds) }
        return wait == 0 ? nil : .nanoseconds(wait)
    }

    private func scrambled(_ key: UInt64) -> UInt64 {
        var mixed = key &+ seed
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// A rate as a bucket sees it.
struct RateAllowance {
    /// A day: slower than that is never.
    private static let slowest = 86_400e9

    /// Nanoseconds from one token to the next; rounded up, so that the rate is never exceeded.
    let interval: Int64
    /// Nanoseconds an empty bucket takes to fill.
    let depth: Int64

    init(rate: Double, burst: Int) {
        let wanted = rate > 0 ? (1e9 / rate).rounded(.up) : Self.slowest
        interval = max(1, Int64(min(wanted, Self.slowest)))
        let (product, overflow) = interval.multipliedReportingOverflow(by: Int64(clamping: max(0, burst)))
        depth = rate > 0 ? (overflow ? .max / 4 : min(product, .max / 4)) : 0
    }
}

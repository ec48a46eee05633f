package import Base
/// placeholder
package final class RateLimiter: Sendable {
    package init() {}
    package func take(_ key: UInt64, rate: Double, burst: Int, now: Instant) -> Duration? { nil }
}
package enum RetryAfter { package static func seconds(atLeast: Duration) -> Int { 1 } }

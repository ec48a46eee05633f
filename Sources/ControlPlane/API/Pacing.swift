import Base
import HTTPServer

/// How often one key, or one of the instances that share it, may ask.
///
/// What ends faults never comes here.
package struct Pacing: Sendable {
    package struct Allowance: Sendable {
        /// Requests a second in the long run.
        package var rate: Double
        /// Requests at once.
        package var burst: Int

        package init(rate: Double, burst: Int) {
            self.rate = rate
            self.burst = burst
        }

        package static let ordinary = Allowance(rate: 200, burst: 400)
        /// Every answer tells an injector when to ask again, and none is told to ask this often.
        package static let instance = Allowance(rate: 20, burst: 40)
    }

    private let limiter = RateLimiter()
    private let allowance: Allowance
    private let instanceAllowance: Allowance

    package init(_ allowance: Allowance = .ordinary, instance: Allowance = .instance) {
        self.allowance = allowance
        instanceAllowance = instance
    }

    /// Refuses a key that has used up its allowance; the operator of the machine has no key and no limit.
    ///
    /// It must be proven first: whoever merely names a key cannot use up its allowance.
    func admit(_ caller: Caller, at now: Instant) throws(APIError) {
        guard let key = caller.paceKey else { return }
        try take(key, allowance, "key", now)
    }

    /// Refuses one of the instances that share a key, and none of the others.
    func admit(_ caller: Caller, instance: ArraySlice<UInt8>, at now: Instant) throws(APIError) {
        guard var key = caller.paceKey else { return }
        // FNV-1a; the limiter scrambles it with a seed of its own, and a collision only shares an allowance.
        for byte in instance { key = (key ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        try take(key, instanceAllowance, "instance", now)
    }

    private func take(
        _ key: UInt64,
        _ allowance: Allowance,
        _ who: StaticString,
        _ now: Instant
    ) throws(APIError) {
        guard let wait = limiter.take(key, rate: allowance.rate, burst: allowance.burst, now: now) else {
            return
        }
        throw APIError(
            .throttling,
            "This \(who) asks more often than \(Int(allowance.rate)) times a second "
                + "(\(allowance.burst) at once are fine). Stopping and halting are never refused for this.",
            retryAfter: RetryAfter.seconds(atLeast: wait)
        )
    }
}

import Base
import HTTPServer

/// How often one key may ask.
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
    }

    private let limiter: RateLimiter
    private let allowance: Allowance

    package init(_ allowance: Allowance = .ordinary) {
        self.allowance = allowance
        limiter = RateLimiter()
    }

    /// Refuses a key that has used up its allowance; the operator of the machine has no key and no limit.
    ///
    /// It must be proven first: whoever merely names a key cannot use up its allowance.
    func admit(_ caller: Caller, at now: Instant) throws(APIError) {
        guard let key = caller.paceKey else { return }
        guard let wait = limiter.take(key, rate: allowance.rate, burst: allowance.burst, now: now) else {
            return
        }
        throw APIError(
            .throttling,
            "This key asks more often than \(Int(allowance.rate)) times a second "
                + "(\(allowance.burst) at once are fine). Stopping and halting are never refused for this.",
            retryAfter: RetryAfter.seconds(atLeast: wait)
        )
    }
}

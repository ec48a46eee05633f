import Base
import Testing

@testable import HTTPServer

@Suite struct RateLimiterTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test func `a burst is let through, then one for each interval`() {
        let limiter = RateLimiter()
        let waits = (0..<4).map { _ in limiter.take(1, rate: 2, burst: 3, now: start) }
        #expect(waits == [nil, nil, nil, .milliseconds(500)])
        let later = start + .milliseconds(499)
        #expect(limiter.take(1, rate: 2, burst: 3, now: later) == .milliseconds(1))
        #expect(limiter.take(1, rate: 2, burst: 3, now: start + .milliseconds(500)) == nil)
        #expect(limiter.take(1, rate: 2, burst: 3, now: start + .milliseconds(500)) == .milliseconds(500))
    }

    @Test func `a refusal takes nothing, so that waiting as told is enough`() {
        let limiter = RateLimiter()
        #expect(limiter.take(1, rate: 10, burst: 1, now: start) == nil)
        for _ in 0..<100 { #expect(limiter.take(1, rate: 10, burst: 1, now: start) == .milliseconds(100)) }
        #expect(limiter.take(1, rate: 10, burst: 1, now: start + .milliseconds(100)) == nil)
    }

    struct Odd: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rate: Double
        let burst: Int
        let wait: Duration?
    }

    @Test(arguments: [
        Odd(testDescription: "no rate", rate: 0, burst: 5, wait: .seconds(86_400)),
        Odd(testDescription: "negative rate", rate: -1, burst: 5, wait: .seconds(86_400)),
        Odd(testDescription: "no number", rate: .nan, burst: 5, wait: .seconds(86_400)),
        Odd(testDescription: "no burst", rate: 1, burst: 0, wait: .seconds(1)),
        Odd(testDescription: "negative burst", rate: 1, burst: -7, wait: .seconds(1)),
        Odd(testDescription: "infinite rate", rate: .infinity, burst: 1, wait: nil),
        Odd(testDescription: "largest burst", rate: 0.000_1, burst: .max, wait: nil),
    ])
    func `an odd allowance refuses or allows, and never traps`(odd: Odd) {
        #expect(RateLimiter().take(1, rate: odd.rate, burst: odd.burst, now: start) == odd.wait)
    }

    @Test func `in no window are there more than the burst and what the rate gives`() {
        for seed in UInt64(0)..<40 {
            var random = SeededRandom(seed: seed)
            let (rate, burst) = (
                Double.random(in: 0.5...400, using: &random), Int.random(in: 1...50, using: &random)
            )
            let limiter = RateLimiter(capacity: 16)
            var allowed: [Instant] = []
            var now = start
            for _ in 0..<250 {
                now = now + .nanoseconds(Int64.random(in: 0...Int64(2e9 / rate), using: &random))
                if limiter.take(9, rate: rate, burst: burst, now: now) == nil { allowed.append(now) }
            }
            #expect(!allowed.isEmpty)
            for (index, first) in allowed.enumerated() {
                for last in index..<allowed.count {
                    let seconds = (allowed[last] - first).inSeconds
                    let most = Double(burst) + rate * seconds + 1e-6
                    if Double(last - index + 1) > most { Issue.record("seed \(seed), \(index) to \(last)") }
                }
            }
        }
    }

    @Test func `more keys than there are places share what is left and take no memory`() {
        let limiter = RateLimiter(capacity: 128)
        #expect(limiter.capacity == 128)
        // Far more keys than places, each asking once: a place, or the share of a shard, is all that they get.
        let allowed = (0..<10_000).count { limiter.take(UInt64($0), rate: 1, burst: 1, now: start) == nil }
        #expect(allowed == 128 + 16)
        #expect(limiter.capacity == 128)
        // Their buckets full again, all places are free without anybody having swept.
        let again = (20_000..<30_000).count {
            limiter.take(UInt64($0), rate: 1, burst: 1, now: start + .seconds(1)) == nil
        }
        #expect(again == 128 + 16)
    }

    @Test func `a flood of unknown keys takes nothing from one that has a place`() {
        let limiter = RateLimiter(capacity: 128)
        #expect(limiter.take(.max, rate: 1, burst: 100, now: start) == nil)
        for key in 0..<10_000 { _ = limiter.take(UInt64(key), rate: 1, burst: 1, now: start) }
        let left = (0..<200).count { _ in limiter.take(.max, rate: 1, burst: 100, now: start) == nil }
        #expect(left == 99)
    }

    @Test func `keys do not disturb one another while there is room`() {
        let limiter = RateLimiter(capacity: 65_536)
        var refused = 0
        for _ in 0..<5 {
            for key in UInt64(0)..<1_000 where limiter.take(key, rate: 1, burst: 5, now: start) != nil {
                refused += 1
            }
        }
        #expect(refused == 0)
        for key in UInt64(0)..<1_000 where limiter.take(key, rate: 1, burst: 5, now: start) == nil {
            refused += 1
        }
        #expect(refused == 0)
    }

    @Test func `threads together get no more than one would`() async {
        let limiter = RateLimiter()
        let allowed = await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<1_000).count { _ in limiter.take(1, rate: 1, burst: 500, now: start) == nil }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(allowed == 500)
    }
}

@Suite struct RetryAfterTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let wait: Duration
        let range: ClosedRange<Int>
    }

    @Test(arguments: [
        Case(testDescription: "no wait", wait: .zero, range: 1...3),
        Case(testDescription: "a negative wait", wait: .seconds(-9), range: 1...3),
        Case(testDescription: "a moment", wait: .nanoseconds(1), range: 1...3),
        Case(testDescription: "a whole second", wait: .seconds(1), range: 1...3),
        Case(testDescription: "just over a second", wait: .nanoseconds(1_000_000_001), range: 2...4),
        Case(testDescription: "ten seconds", wait: .seconds(10), range: 10...20),
        Case(testDescription: "a day", wait: .seconds(86_400), range: 3_600...7_200),
        Case(testDescription: "for ever", wait: .seconds(Int64.max), range: 3_600...7_200),
    ])
    func `the seconds cover the wait and are spread over as much again`(each: Case) {
        var random = SeededRandom(seed: 1)
        var seen: Set<Int> = []
        for _ in 0..<20_000 { seen.insert(RetryAfter.seconds(atLeast: each.wait, using: &random)) }
        #expect(seen.min() == each.range.lowerBound)
        #expect(seen.max() == each.range.upperBound)
    }

    @Test func `refused clients come back at different times`() {
        #expect(Set((0..<1_000).map { _ in RetryAfter.seconds(atLeast: .seconds(30)) }).count > 20)
    }
}

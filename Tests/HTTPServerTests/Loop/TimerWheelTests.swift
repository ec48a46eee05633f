import Base
import Testing

@testable import HTTPServer

@Suite struct TimerWheelTests {
    private static let tick: Duration = .nanoseconds(1 << 24)
    private let start = Instant(nanoseconds: 123_456_789_123_456)

    private func entry(_ id: Int32, _ wheel: TimerWheel, at deadline: Instant) -> TimerWheel.Entry {
        TimerWheel.Entry(descriptor: id, generation: 1, tick: wheel.tick(for: deadline))
    }

    @Test func `an empty wheel waits for ever`() {
        var wheel = TimerWheel(now: start)
        #expect(wheel.timeout(now: start) == -1)
        #expect(wheel.takeExpired(start + .seconds(1_000_000)).isEmpty)
        #expect(wheel.timeout(now: start + .seconds(1_000_000)) == -1)
    }

    @Test func `a deadline is looked at after it, and within two ticks`() {
        for offset in [0, 1, 16_777_215, 16_777_216, 50_000_000, 10_000_000_000, 60_000_000_000] as [Int64] {
            var wheel = TimerWheel(now: start)
            let deadline = start + .nanoseconds(offset)
            wheel.insert(entry(1, wheel, at: deadline))
            #expect(wheel.takeExpired(deadline + .nanoseconds(-1)).isEmpty, "\(offset)")
            let expired = wheel.takeExpired(deadline + Self.tick + Self.tick)
            #expect(expired.map(\.descriptor) == [1], "\(offset)")
            #expect(wheel.timeout(now: deadline) == -1, "\(offset)")
        }
    }

    @Test func `a deadline that has passed is looked at in the next tick`() {
        var wheel = TimerWheel(now: start)
        wheel.insert(entry(1, wheel, at: start + .seconds(-100)))
        #expect(wheel.takeExpired(start + Self.tick).map(\.descriptor) == [1])
    }

    @Test func `a deadline beyond one turn is looked at on the way, and never later than a turn`() {
        var wheel = TimerWheel(now: start)
        for deadline in [start + .seconds(71), start + .seconds(100_000), Instant(nanoseconds: .max)] {
            wheel.insert(entry(1, wheel, at: deadline))
        }
        #expect(wheel.takeExpired(start + .seconds(68)).isEmpty)
        #expect(wheel.takeExpired(start + .seconds(69)).count == 3)
    }

    @Test func `after a sleep of a year all is looked at, at once`() {
        var wheel = TimerWheel(now: start)
        for id in Int32(0)..<680 {
            wheel.insert(entry(id, wheel, at: start + .milliseconds(Int64(id) * 100)))
        }
        let later = start + .seconds(365 * 86_400)
        #expect(Set(wheel.takeExpired(later).map(\.descriptor)) == Set(0..<680))
        wheel.insert(entry(3, wheel, at: later + .seconds(1)))
        #expect(wheel.takeExpired(later + .milliseconds(999)).isEmpty)
        #expect(wheel.takeExpired(later + .milliseconds(1_035)).map(\.descriptor) == [3])
    }

    @Test(arguments: UInt64(1)...20)
    func `no deadline is early, late, lost, or slept over`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var wheel = TimerWheel(now: start)
        var waiting: [Int32: Instant] = [:]
        var now = start
        for id in Int32(0)..<1_500 {
            if Bool.random(using: &random) {
                let deadline = now + .nanoseconds(Int64.random(in: 0...68_000_000_000, using: &random))
                wheel.insert(entry(id, wheel, at: deadline))
                waiting[id] = deadline
            } else {
                // As the loop does: sleeps as long as it is told at most, or is woken before.
                let timeout = wheel.timeout(now: now)
                let asleep = timeout < 0 ? 5_000 : Int64(timeout)
                now = now + .milliseconds(Int64.random(in: 0...asleep, using: &random))
            }
            for expired in wheel.takeExpired(now) {
                let deadline = waiting.removeValue(forKey: expired.descriptor)
                #expect(
                    deadline.map { $0 <= now } == true,
                    "seed \(seed): \(expired.descriptor) early or twice"
                )
            }
            let latest = Self.tick + Self.tick + .milliseconds(2)
            let late = waiting.filter { $0.value + latest < now }
            #expect(late.isEmpty, "seed \(seed)")
            let due = waiting.values.min().map { $0 + Self.tick + Self.tick + .milliseconds(2) }
            let timeout = wheel.timeout(now: now)
            if let due { #expect(timeout >= 0 && now + .milliseconds(Int64(timeout)) <= due, "seed \(seed)") }
        }
    }
}

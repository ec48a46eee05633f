import Base
import Glibc
import Testing

@Suite struct LockedTests {
    @Test func `no change is lost between threads`() throws {
        let count = Locked(0)
        let ended = Locked(0)
        for _ in 0..<4 {
            try Thread.start(name: "counter") {
                for _ in 0..<2_000 {
                    count.withLock { count in
                        let seen = count
                        // Invites another thread in between, should the lock let one.
                        sched_yield()
                        count = seen + 1
                    }
                }
                ended.withLock { $0 += 1 }
                ended.announce()
            }
        }
        #expect(ended.wait(atMost: .seconds(30)) { $0 == 4 })
        #expect(count.withLock { $0 } == 8_000)
    }

    private struct Failure: Error, Equatable {}

    @Test func `an error leaves the lock free and the change made`() {
        let value = Locked(0)
        #expect(throws: Failure()) {
            try value.withLock { value throws(Failure) in
                value = 1
                throw Failure()
            }
        }
        #expect(value.withLock { $0 } == 1)
    }

    @Test func `who waits is woken by the change, and takes the value under the same lock`() throws {
        let ball = Locked(0)
        let rounds = 1_000
        try Thread.start(name: "partner") {
            for round in 0..<rounds {
                ball.waitUntil {
                    $0 == 2 * round + 1
                } then: {
                    $0 += 1
                }
                ball.announce()
            }
        }
        for round in 0..<rounds {
            ball.withLock { $0 += 1 }
            ball.announce()
            #expect(ball.wait(atMost: .seconds(30)) { $0 == 2 * round + 2 })
        }
    }

    @Test func `waiting ends with the time`() {
        let value = Locked(false)
        let start = Instant.now
        #expect(!value.wait(atMost: .milliseconds(20)) { $0 })
        let elapsed = Instant.now - start
        #expect(elapsed >= .milliseconds(15) && elapsed < .seconds(10))
    }

    private static let readyAtOnce: [Case<Duration, Void>] = [
        Case("no time", .zero, ()),
        Case("less than none", .seconds(-1), ()),
        Case("for ever", .seconds(Int64.max), ()),
    ]

    @Test(arguments: readyAtOnce) func `what is ready needs no time`(_ row: Case<Duration, Void>) {
        #expect(Locked(true).wait(atMost: row.input) { $0 })
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.min)])
    func `no time is no wait`(limit: Duration) {
        #expect(!Locked(false).wait(atMost: limit) { $0 })
    }

    @Test func `waiting for ever lasts until the change`() throws {
        let value = Locked(false)
        try Thread.start(name: "changer") {
            value.withLock { $0 = true }
            value.announce()
        }
        #expect(value.wait(atMost: .seconds(Int64.max)) { $0 })
    }
}

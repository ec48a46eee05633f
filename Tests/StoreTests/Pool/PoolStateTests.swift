import Base
import Testing

@testable import Store

@Suite struct PoolStateTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func limits(_ change: (inout PoolLimits) -> Void = { _ in }) -> PoolLimits {
        var limits = PoolLimits()
        limits.sessions = 2
        limits.queue = 2
        limits.wait = .seconds(2)
        change(&limits)
        return limits
    }

    private func state(_ change: (inout PoolLimits) -> Void = { _ in }) -> PoolState {
        PoolState(limits: limits(change))
    }

    @Test func `the first who asks has a session opened, and gets it`() {
        var state = state()
        #expect(state.sessionWanted(by: 1, now: start) == [.open(1)])
        #expect(state.sessionOpened(1, now: start) == [.lend(1, to: 1, check: false)])
        #expect(state.sessionReturned(1, isUsable: true, now: start) == [])
        #expect(state.sessionWanted(by: 2, now: start) == [.lend(1, to: 2, check: false)])
    }

    @Test func `no more are opened than allowed, and the longest waiting is served first`() {
        var state = state()
        _ = state.sessionWanted(by: 1, now: start)
        #expect(state.sessionWanted(by: 2, now: start) == [.open(2)])
        _ = state.sessionOpened(1, now: start)
        _ = state.sessionOpened(2, now: start)
        #expect(state.sessionWanted(by: 3, now: start) == [])
        #expect(state.sessionWanted(by: 4, now: start) == [])
        #expect(state.sessionReturned(2, isUsable: true, now: start) == [.lend(2, to: 3, check: false)])
        #expect(state.sessionReturned(1, isUsable: true, now: start) == [.lend(1, to: 4, check: false)])
    }

    @Test func `who finds the queue full is turned away at once`() {
        var state = state()
        for waiter in 1...2 { _ = state.sessionWanted(by: waiter, now: start) }
        #expect(state.sessionWanted(by: 3, now: start) == [.refuse(3, .queueFull(waiting: 2))])
        #expect(state.metrics.turnedAway == 1)
    }

    @Test func `who waited while no session was there is told that, and not that others have them`() {
        var state = state()
        _ = state.sessionWanted(by: 1, now: start)
        let error = StoreError.unavailable("no session was opened within 2.0 s")
        #expect(state.timePassed(now: start + .seconds(2)) == [.refuse(1, error)])
    }

    @Test func `who has waited too long is turned away, and nobody sooner`() {
        var state = state { $0.sessions = 1 }
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionOpened(1, now: start)
        _ = state.sessionWanted(by: 2, now: start)
        _ = state.sessionWanted(by: 3, now: start + .seconds(1))
        #expect(state.nextDeadline == start + .seconds(2))
        #expect(state.timePassed(now: start + .milliseconds(1_999)) == [])
        #expect(state.timePassed(now: start + .seconds(2)) == [.refuse(2, .waitedTooLong(.seconds(2)))])
        #expect(state.nextDeadline == start + .seconds(3))
    }

    @Test func `who gave up waiting is not served`() {
        var state = state { $0.sessions = 1 }
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionOpened(1, now: start)
        _ = state.sessionWanted(by: 2, now: start)
        _ = state.sessionWanted(by: 3, now: start)
        #expect(state.waiterLeft(2) == [.refuse(2, .cancelled)])
        #expect(state.waiterLeft(2) == [])
        #expect(state.sessionReturned(1, isUsable: true, now: start) == [.lend(1, to: 3, check: false)])
    }

    @Test func `a lost session makes room for another`() {
        var state = state { $0.sessions = 1 }
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionOpened(1, now: start)
        _ = state.sessionWanted(by: 2, now: start)
        #expect(state.sessionReturned(1, isUsable: false, now: start) == [.close(1), .open(2)])
        #expect(state.metrics.sessionsLost == 1)
    }

    @Test func `during an outage one attempt is made at a time, further and further apart`() {
        var state = state()
        #expect(state.sessionWanted(by: 1, now: start) == [.open(1)])
        #expect(state.sessionWanted(by: 2, now: start) == [.open(2)])
        #expect(state.sessionFailedToOpen(1, reason: "down", now: start, chance: 1) == [.close(1)])
        #expect(state.sessionFailedToOpen(2, reason: "down", now: start, chance: 1) == [.close(2)])
        #expect(state.nextDeadline == start + .milliseconds(200))
        #expect(state.timePassed(now: start + .milliseconds(199)) == [])
        #expect(state.timePassed(now: start + .milliseconds(200)) == [.open(3)])
        #expect(state.timePassed(now: start + .milliseconds(201)) == [])
        let opened = state.sessionOpened(3, now: start + .milliseconds(300))
        #expect(opened == [.lend(3, to: 1, check: false), .open(4)])
    }

    @Test func `who waits through an outage is told of it`() {
        var state = state()
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionFailedToOpen(1, reason: "down", now: start, chance: 1)
        let late = state.timePassed(now: start + .seconds(2))
        #expect(late == [.refuse(1, .unavailable("down"))])
    }

    @Test func `once it has been down as long as one may wait, nobody waits, and attempts go on`() {
        var state = state()
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionFailedToOpen(1, reason: "down", now: start, chance: 1)
        _ = state.timePassed(now: start + .seconds(2))
        let answer = state.sessionWanted(by: 2, now: start + .seconds(3))
        #expect(answer == [.refuse(2, .unavailable("down")), .open(2)])
        #expect(state.sessionOpened(2, now: start + .seconds(3)) == [])
        #expect(state.sessionWanted(by: 3, now: start + .seconds(3)) == [.lend(2, to: 3, check: false)])
    }

    @Test func `a session long idle is checked before it is lent, and in the end closed`() {
        var state = state()
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionOpened(1, now: start)
        _ = state.sessionReturned(1, isUsable: true, now: start)
        let later = start + .seconds(30)
        #expect(state.sessionWanted(by: 2, now: later) == [.lend(1, to: 2, check: true)])
        _ = state.sessionReturned(1, isUsable: true, now: later)
        #expect(state.nextDeadline == later + .seconds(300))
        #expect(state.timePassed(now: later + .seconds(300)) == [.close(1)])
        #expect(state.metrics.open == 0)
    }

    @Test func `closing turns all away and closes sessions as they come back`() {
        var state = state()
        _ = state.sessionWanted(by: 1, now: start)
        _ = state.sessionWanted(by: 2, now: start)
        _ = state.sessionOpened(1, now: start)
        #expect(state.closed() == [.refuse(2, .closed)])
        #expect(state.sessionWanted(by: 3, now: start) == [.refuse(3, .closed)])
        #expect(state.sessionReturned(1, isUsable: true, now: start) == [.close(1)])
        #expect(!state.isDrained)
        #expect(state.sessionOpened(2, now: start) == [.close(2)])
        #expect(state.isDrained)
    }

    @Test(arguments: [0.0, 0.5, 1.0])
    func `each wait is between half and all of a ceiling that doubles to its limit`(chance: Double) {
        var backoff = Backoff(first: .milliseconds(100), limit: .milliseconds(350))
        let waits = (0..<4).map { _ in backoff.next(chance: chance) }
        let ceilings: [Duration] = [100, 200, 350, 350].map { .milliseconds($0) }
        #expect(waits == ceilings.map { $0 * (0.5 + chance / 2) })
        backoff.reset()
        #expect(backoff.next(chance: chance) == waits[0])
    }
}

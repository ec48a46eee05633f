import Base
import Testing

@testable import WebClient

/// Who may begin, and who waits.
@Suite struct FleetQueueTests {
    private func all(_ queue: inout FleetQueue) -> [UInt64] {
        var begun: [UInt64] = []
        while let id = queue.next() { begun.append(id) }
        return begun
    }

    @Test func `a host whose name is not found yet has one question under way, and then as many as it may`() {
        var queue = FleetQueue(perHost: 2, total: 10)
        for id in 1...4 { queue.add(UInt64(id), to: "a") }
        queue.add(5, to: "b")
        #expect(all(&queue) == [1, 5])
        queue.found("a")
        #expect(all(&queue) == [2])
        queue.landed(.answered, at: "a", now: Instant(nanoseconds: 0))
        #expect(all(&queue) == [3])
        queue.landed(.notFound, at: "a", now: Instant(nanoseconds: 0))
        #expect(all(&queue) == [])
        queue.landed(.notFound, at: "a", now: Instant(nanoseconds: 0))
        #expect(all(&queue) == [4])
    }

    @Test func `hosts take turns within the whole`() {
        var queue = FleetQueue(perHost: 8, total: 3)
        for id in 1...4 { queue.add(UInt64(id), to: "a") }
        queue.found("a")
        for id in 5...6 { queue.add(UInt64(id), to: "b") }
        queue.found("b")
        #expect(all(&queue) == [1, 5, 2])
        queue.landed(.answered, at: "a", now: Instant(nanoseconds: 0))
        #expect(all(&queue) == [6])
    }

    @Test func `what waits can be taken out, and what is under way cannot`() {
        var queue = FleetQueue(perHost: 1, total: 10)
        for id in 1...3 { queue.add(UInt64(id), to: "a") }
        #expect(all(&queue) == [1])
        let (first, second) = (queue.drop(1, of: "a"), queue.drop(2, of: "a"))
        #expect(!first && second)
        queue.landed(.answered, at: "a", now: Instant(nanoseconds: 0))
        #expect(all(&queue) == [3])
    }

    @Test func `after a loss older connections are not trusted, and long after it all are`() {
        var queue = FleetQueue(perHost: 1, total: 10)
        let lost = Instant(nanoseconds: 0)
        func after(_ seconds: Double) -> Int { queue.trustedAge(of: "a", now: lost + .seconds(seconds)) }
        #expect(after(0) == FleetQueue.longestUse)
        queue.add(1, to: "a")
        #expect(all(&queue) == [1])
        queue.landed(.lost, at: "a", now: lost)
        #expect([0, 1.9, 2, 5.5, 61, 900].map(after) == [0, 0, 1, 4, 60, 60])
        queue.forgetOld(now: lost + .seconds(30))
        #expect(after(5) == 4)
        queue.forgetOld(now: lost + .seconds(61))
        #expect(after(5) == FleetQueue.longestUse)
    }
}

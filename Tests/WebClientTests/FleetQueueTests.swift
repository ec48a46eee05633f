import Base
import Testing

@testable import WebClient

/// Who may begin, and who waits.
@Suite struct FleetQueueTests {
    private let now = Instant(nanoseconds: 0)

    private func all(_ queue: inout FleetQueue) -> [UInt64] {
        var begun: [UInt64] = []
        while let id = queue.next() { begun.append(id) }
        return begun
    }

    @Test func `a host whose name is not found yet has one question under way, and then as many as it may`() {
        var queue = FleetQueue(perHost: 2, total: 10)
        for id in 1...4 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
        queue.add(5, to: "b", turn: "5")
        #expect(all(&queue) == [1, 5])
        queue.found("a")
        #expect(all(&queue) == [2])
        queue.landed(.answered, at: "a", turn: "", now: now)
        #expect(all(&queue) == [3])
        queue.landed(.notFound, at: "a", turn: "", now: now)
        #expect(all(&queue) == [])
        queue.landed(.notFound, at: "a", turn: "", now: now)
        #expect(all(&queue) == [4])
    }

    @Test func `hosts take turns within the whole`() {
        var queue = FleetQueue(perHost: 8, total: 3)
        for id in 1...4 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
        queue.found("a")
        for id in 5...6 { queue.add(UInt64(id), to: "b", turn: "\(id)") }
        queue.found("b")
        #expect(all(&queue) == [1, 5, 2])
        queue.landed(.answered, at: "a", turn: "", now: now)
        #expect(all(&queue) == [6])
    }

    @Test func `what waits can be taken out, and what is under way cannot`() {
        var queue = FleetQueue(perHost: 1, total: 10)
        for id in 1...3 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
        #expect(all(&queue) == [1])
        let (first, second) = (queue.drop(1, of: "a", now: now), queue.drop(2, of: "a", now: now))
        #expect(!first && second)
        queue.landed(.answered, at: "a", turn: "", now: now)
        #expect(all(&queue) == [3])
    }

    @Test func `after a loss older connections are not trusted, and long after it all are`() {
        var queue = FleetQueue(perHost: 1, total: 10)
        let lost = Instant(nanoseconds: 0)
        func after(_ seconds: Double) -> Int { queue.trustedAge(of: "a", now: lost + .seconds(seconds)) }
        #expect(after(0) == FleetQueue.longestUse)
        queue.add(1, to: "a", turn: "1")
        #expect(all(&queue) == [1])
        queue.landed(.lost, at: "a", turn: "", now: lost)
        #expect([0, 1.9, 2, 5.5, 61, 900].map(after) == [0, 0, 1, 4, 60, 60])
        queue.forgetOld(now: lost + .seconds(30))
        #expect(after(5) == 4)
        queue.forgetOld(now: lost + .seconds(61))
        #expect(after(5) == FleetQueue.longestUse)
    }

    @Test func `who was called off says nothing of the host, found or not`() {
        var queue = FleetQueue(perHost: 3, total: 10)
        for id in 1...4 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
        #expect(all(&queue) == [1])
        queue.landed(.gaveUp, at: "a", turn: "1", now: now)
        // Nobody knows yet where the name leads, and so it is still one at a time.
        #expect(all(&queue) == [2])
        queue.found("a")
        #expect(all(&queue) == [3, 4])
        queue.landed(.gaveUp, at: "a", turn: "2", now: now)
        queue.landed(.missed, at: "a", turn: "3", now: now)
        for id in 5...8 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
        #expect(all(&queue) == [5, 6])
        #expect(queue.trustedAge(of: "a", now: now) == FleetQueue.longestUse)
    }

    @Test func `a host that was named has connections of its own number`() {
        var queue = FleetQueue(perHost: 1, total: 10, connections: ["a": 3])
        for id in 1...5 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
        for id in 6...7 { queue.add(UInt64(id), to: "b", turn: "\(id)") }
        for host in ["a", "b"] { queue.found(host) }
        #expect(all(&queue) == [1, 6, 2, 3])
    }

    @Test func `where there is not time for all, each question has its turn within a few rounds`() {
        var queue = FleetQueue(perHost: 2, total: 10)
        var asked: [[UInt64]] = []
        for round in 0..<4 {
            // The same questions in the same order, and time for two of them.
            for id in 1...7 { queue.add(UInt64(round * 10 + id), to: "a", turn: "\(id)") }
            queue.found("a")
            let begun = all(&queue)
            asked.append(begun.map { $0 % 10 })
            for id in begun { queue.landed(.gaveUp, at: "a", turn: "\(id % 10)", now: now) }
            // A turn that comes too late is none.
            if let late = queue.next() { queue.landed(.missed, at: "a", turn: "\(late % 10)", now: now) }
            for id in 1...7 { _ = queue.drop(UInt64(round * 10 + id), of: "a", now: now) }
        }
        #expect(asked == [[1, 2], [3, 4], [5, 6], [7, 1]])
    }

    @Test func `who went without long ago comes when it comes`() {
        func first(after seconds: Double) -> [UInt64] {
            var queue = FleetQueue(perHost: 1, total: 10)
            for id in 1...2 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
            #expect(all(&queue) == [1])
            _ = queue.drop(2, of: "a", now: now)
            queue.landed(.answered, at: "a", turn: "1", now: now)
            queue.forgetOld(now: now + .seconds(seconds))
            for id in 1...2 { queue.add(UInt64(id), to: "a", turn: "\(id)") }
            return all(&queue)
        }
        #expect(first(after: 30) == [2])
        #expect(first(after: 61) == [1])
    }
}

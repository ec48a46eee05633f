import Base
import Experiments
import Testing

@Suite struct EventChainTests {
    private typealias Link = (payload: [UInt8], link: [UInt8])

    private static let start = EventChain.start(experiment: "EXP1")

    private static func chain(_ payloads: [String]) -> [(payload: [UInt8], link: [UInt8])] {
        var previous = start
        return payloads.map { text in
            previous = EventChain.link(previous: previous, payload: Array(text.utf8))
            return (Array(text.utf8), previous)
        }
    }

    @Test func `a link is the SHA-256 of both parts, each with its length before it`() {
        let joined: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9]
        #expect(EventChain.link(previous: [7, 8], payload: [9]) == Hash.sha256(joined))
        #expect(
            EventChain.link(previous: [7], payload: [8, 9])
                != EventChain.link(previous: [7, 8], payload: [9])
        )
    }

    @Test func `a whole chain holds, and so does an empty one`() {
        #expect(EventChain.verify(start: Self.start, Self.chain(["a", "b", "c"])) == nil)
        #expect(EventChain.verify(start: Self.start, []) == nil)
    }

    private static let damages: [Row<@Sendable (inout [(payload: [UInt8], link: [UInt8])]) -> Void, Int>] = [
        Row("a changed event", { $0[1].payload = [0] }, 1),
        Row("a changed link", { $0[0].link[5] ^= 1 }, 0),
        Row("a dropped event", { $0.remove(at: 1) }, 1),
        Row("an event twice", { $0.insert($0[2], at: 3) }, 3),
        Row("two that changed places", { $0.swapAt(0, 1) }, 0),
        Row("another experiment's", { $0 = relinked($0) }, 0),
    ]

    private static func relinked(
        _ events: [(payload: [UInt8], link: [UInt8])]
    ) -> [(payload: [UInt8], link: [UInt8])] {
        var previous = EventChain.start(experiment: "EXP2")
        return events.map { event in
            previous = EventChain.link(previous: previous, payload: event.payload)
            return (event.payload, previous)
        }
    }

    @Test(arguments: damages) func `damage is found at its place`(
        _ row: Row<@Sendable (inout [(payload: [UInt8], link: [UInt8])]) -> Void, Int>
    ) {
        var events = Self.chain(["a", "b", "c"])
        row.input(&events)
        #expect(EventChain.verify(start: Self.start, events) == row.output)
    }
}

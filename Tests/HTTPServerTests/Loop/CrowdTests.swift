import Base
import Testing
import TestSupport

@testable import HTTPServer

/// Many connections at once; one test at a time, for each takes most of the descriptors there are.
@Suite(.serialized) struct CrowdTests {
    @Test func `between the answers of a broadcast others are served`() async throws {
        try await withServer { test in
            var parked: [RawClient] = []
            let count = min(5_000, Self.room)
            for _ in 0..<count { parked.append(try test.connect(sending: Text.get("/park/1"))) }
            try #require(test.eventually { test.parked == count })
            let other = try test.connect(sending: Text.hello)
            #expect(try other.response()?.text == "hello")

            let hold = HeldLoop(test)
            try hold.hold()
            let before = Locked(-1)
            test.responder.hook.withLock { hook in
                hook = { [responder = test.responder] in
                    let resumed = responder.resumed.withLock { $0 }
                    before.withLock { $0 = resumed }
                }
            }
            test.server.wake(1)
            try other.send(Text.get("/hook"))
            hold.letGo()
            #expect(try other.response()?.text == "hooked")
            // Its turn came after a slice or two, not after all of them.
            #expect(before.withLock { $0 } < count / 5)
            for client in parked { #expect(try client.response()?.text == "woken 1") }
            #expect(test.responder.resumed.withLock { $0 } == count)
            #expect(test.parked == 0)
        }
    }

    @Test func `10,000 idle connections, or as many as there are descriptors for, stay and are served`()
        async throws
    {
        try await withServer(movesClock: true) { test in
            var idle: [RawClient] = []
            let count = min(10_000, Self.room)
            #expect(count == 10_000 || Descriptors.raiseLimit() < 23_000)
            for _ in 0..<count { idle.append(try test.connect()) }
            #expect(test.eventually { test.open == count })
            for client in idle { try client.send(Text.hello) }
            for client in idle { #expect(try client.response()?.text == "hello") }
            test.advance(by: .seconds(70))
            #expect(test.open == count)
            for client in [idle[0], idle[count / 2], idle[count - 1]] {
                try client.send(Text.hello)
                #expect(try client.response()?.text == "hello")
            }
            test.advance(by: .seconds(10))
            #expect(test.eventually { test.open == 3 })
        }
    }

    /// Both ends of each connection are in this process, beside other tests.
    private static var room: Int { (Descriptors.raiseLimit() - 3_000) / 2 }
}

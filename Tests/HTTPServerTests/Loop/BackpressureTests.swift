import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct BackpressureTests {
    @Test func `a flood of requests whose answers nobody reads stays within bounds`() async throws {
        try await withServer { test in
            let client = try test.connect()
            try client.shrinkReceiveBuffer()
            let requests = Array(String(repeating: Text.get("/big/4096"), count: 500).utf8)
            var sent = 0
            var refusals = 0
            while refusals < 20, sent < 100 << 20 {
                let count = try client.sendSome(Array(requests[(sent % requests.count)...]))
                sent += count
                if count == 0 {
                    refusals += 1
                    test.settle()
                } else {
                    refusals = 0
                }
            }
            #expect(sent < 100 << 20)
            let held = test.ask { loop in
                loop.connections.all.map { [$0.unsent.footprint, $0.input.count, $0.isBacklogged ? 1 : 0] }
            }
            let one = try #require(held?.first)
            #expect(one[0] <= 256 << 10 + 128 << 10 && one[1] <= 128 << 10 && one[2] == 1)
            let other = try test.connect(sending: Text.hello)
            #expect(try other.response()?.text == "hello")
            for _ in 0..<10 { #expect(try client.response()?.body.count == 4_096) }
        }
    }

    @Test func `every request of a flood is answered once its answers are read`() async throws {
        var limits = Limits()
        limits.unsentBytes = 10_000
        try await withServer(limits: limits) { test in
            let client = try test.connect(sending: String(repeating: Text.get("/big/4096"), count: 3_000))
            client.finishSending()
            for _ in 0..<3_000 { #expect(try client.response()?.body.count == 4_096) }
            #expect(try client.isClosedByPeer())
            #expect(test.eventually { test.open == 0 })
        }
    }

    @Test(arguments: [("", 1_500), ("nonsense\r\n", 0)])
    func `however much a peer has sent, it is read in slices between which others have their turn`(
        first: String,
        answers: Int
    ) async throws {
        // The clock stands still, so that no limit ends the reading on a slow machine.
        try await withServer(movesClock: true) { test in
            let client = try test.connect()
            test.settle()
            // Reads so short that what fits into the kernel takes many.
            _ = test.ask { $0.scratch = [UInt8](repeating: 0, count: 64) }
            let hold = HeldLoop(test)
            try hold.hold()
            try client.send(first + String(repeating: Text.hello, count: 1_500))
            #expect(test.eventuallyWithoutLoops { client.unacknowledged == 0 })
            let before = test.turns
            hold.letGo()
            if answers == 0 { #expect(try client.response()?.status == 400) }
            for _ in 0..<answers { #expect(try client.response()?.text == "hello") }
            client.finishSending()
            #expect(test.eventually { test.open == 1 })
            let slices = 1_500 * Text.hello.utf8.count / 64 / EventLoop.readSlice
            #expect(test.turns - before >= slices)
        }
    }

    @Test func `a peer that floods after its refusal is cut off when its time is up`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: "nonsense\r\n")
            let (isOver, ended) = (Gate(), Record())
            try Thread.start(name: "flood") {
                let flood = [UInt8](repeating: 97, count: 1 << 20)
                while !isOver.wait(atMost: .zero), (try? client.send(flood)) != nil {}
                ended.add("cut off")
            }
            #expect(try client.response()?.status == 400)
            test.advance(by: .milliseconds(2_100))
            #expect(ended.waits(for: "cut off"))
            isOver.open()
            #expect(test.eventually { test.open == 0 })
        }
    }
}

@Suite struct LoopRestTests {
    @Test func `a flag raised with nothing handed in is lowered again`() async throws {
        try await withServer { test in
            let client = try test.connect()
            test.settle()
            // As it is left when the loop empties its inbox between a thread's noting and raising; nothing is handed in
            // from here on, which would lower it.
            _ = test.ask { loop in loop.flag.raise() }
            let before = test.turns
            for _ in 0..<100 {
                try client.send(Text.hello)
                #expect(try client.response()?.text == "hello")
            }
            #expect(test.turns - before < 320)
        }
    }

    @Test func `threads that hand in at once leave nothing behind`() async throws {
        try await withServer(loops: 2) { test in
            let ran = Locked(0)
            for _ in 0..<4 {
                try Thread.start(name: "hand in") {
                    for _ in 0..<2_000 {
                        for loop in test.server.allLoops { loop.later { _ in ran.withLock { $0 += 1 } } }
                    }
                }
            }
            #expect(test.eventually { ran.withLock { $0 } == 16_000 })
        }
    }
}

extension TestServer {
    /// How often the loops have gone round.
    fileprivate var turns: Int { server.counts.flatMap(\.lag.counts).reduce(0, +) }
}

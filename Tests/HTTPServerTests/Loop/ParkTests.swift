import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct ParkTests {
    @Test func `waking a key answers those who wait for it and nobody else`() async throws {
        try await withServer(loops: 2, movesClock: true) { test in
            let first = try (0..<5).map { _ in try test.connect(sending: Text.get("/park/1")) }
            let second = try test.connect(sending: Text.get("/park/2?wait=30000"))
            #expect(test.eventually { test.parked == 6 })
            test.server.wake(1)
            for client in first { #expect(try client.response()?.text == "woken 1") }
            #expect(test.parked == 1)
            test.advance(by: .milliseconds(29_900))
            #expect(test.parked == 1)
            test.advance(by: .milliseconds(200))
            #expect(try second.response()?.text == "deadline 2")
            #expect(test.parked == 0)
        }
    }

    @Test func `waking all answers everybody, and those who come later wait`() async throws {
        try await withServer(loops: 2) { test in
            let clients = try (0..<8).map { try test.connect(sending: Text.get("/park/\($0)")) }
            #expect(test.eventually { test.parked == 8 })
            test.server.wakeAll()
            for (key, client) in clients.enumerated() {
                #expect(try client.response()?.text == "woken \(key)")
                try client.send(Text.get("/park/\(key)"))
            }
            #expect(test.eventually { test.parked == 8 })
            test.settle()
            #expect(test.parked == 8)
        }
    }

    @Test func `a parked request is freed at once when its peer goes away`() async throws {
        try await withServer { test in
            var clients = try (0..<3).map { _ in try test.connect(sending: Text.get("/park/1")) }
            #expect(test.eventually { test.parked == 3 })
            clients[0].reset()
            clients[1].finishSending()
            #expect(test.eventually { test.parked == 1 })
            #expect(try clients[1].response() == nil)
            clients.removeAll()
            #expect(test.eventually { test.parked == 0 && test.open == 0 })
            test.server.wake(1)
            test.settle()
            #expect(test.responder.resumed.withLock { $0 } == 0)
        }
    }

    @Test func `what was sent behind a parked request is answered after it`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/park/1") + Text.hello)
            #expect(test.eventually { test.parked == 1 })
            try client.send(Text.get("/park/2"))
            test.settle()
            test.server.wake(1)
            #expect(try client.response()?.text == "woken 1")
            #expect(try client.response()?.text == "hello")
            #expect(test.eventually { test.parked == 1 })
            test.server.wake(2)
            #expect(try client.response()?.text == "woken 2")
        }
    }

    @Test func `a woken request may be parked again`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/repark/2"))
            for round in 1...2 {
                #expect(test.eventually { test.parked == 1 })
                test.server.wake(2)
                #expect(test.eventually { test.responder.resumed.withLock { $0 } == round })
                test.settle()
                #expect(test.parked == 1)
                #expect(test.responder.resumed.withLock { $0 } == round)
            }
            test.server.wake(2)
            #expect(try client.response()?.text == "woken 2")
            #expect(test.parked == 0)
        }
    }

    @Test func `a wait without end is no end of the server`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/park/1?wait=9223372036854775807"))
            #expect(test.eventually { test.parked == 1 })
            test.server.wake(1)
            #expect(try client.response()?.text == "woken 1")
        }
    }

    @Test func `a hundred thousand wakings of nobody leave the loop at rest`() async throws {
        try await withServer { test in
            for key in UInt64(0)..<100_000 { test.server.wake(key) }
            test.settle()
            #expect(test.ask { $0.wakings.count } == 0)
            let client = try test.connect(sending: Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }
}

import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct StopTests {
    @Test func `the parked are sent home spread over the time they are given`() async throws {
        try await withServer(movesClock: true) { test in
            let clients = try (0..<60).map { try test.connect(sending: Text.get("/park/\($0)")) }
            #expect(test.eventually { test.parked == 60 })
            let stopped = test.stopping(within: .seconds(20), spread: .seconds(4))
            test.settle()
            #expect(test.parked > 0)
            test.advance(by: .seconds(2))
            let half = test.parked
            // All on one side of the middle would be one chance in 2 to the 60.
            #expect(half > 0 && half < 60)
            test.advance(by: .milliseconds(2_100))
            #expect(test.parked == 0)
            for (key, client) in clients.enumerated() {
                let response = try client.response()
                #expect(response?.text == "yielding \(key)")
                #expect(response?.headers["connection"] == "close")
                #expect(try client.isClosedByPeer())
            }
            #expect(!stopped.wait(atMost: .zero))
            test.advance(by: .milliseconds(2_100))
            #expect(stopped.wait())
        }
    }

    @Test func `the parked go home within half of a short limit`() async throws {
        try await withServer(movesClock: true) { test in
            let clients = try (0..<20).map { try test.connect(sending: Text.get("/park/\($0)")) }
            #expect(test.eventually { test.parked == 20 })
            let stopped = test.stopping(within: .seconds(1), spread: .seconds(100))
            test.advance(by: .milliseconds(550))
            for (key, client) in clients.enumerated() {
                #expect(try client.response()?.text == "yielding \(key)")
            }
            test.advance(by: .milliseconds(500))
            #expect(stopped.wait())
        }
    }

    @Test func `the idle are closed, nobody new is let in, and what is begun is finished`() async throws {
        try await withServer(loops: 2) { test in
            let idle = try test.connect(sending: Text.hello)
            #expect(try idle.response()?.text == "hello")
            let sending = try test.connect(sending: Text.postHead("/echo", length: 6) + "abc")
            let asking = try test.connect(sending: "GET /hel")
            let hanging = try test.connect(sending: Text.get("/stream/2"))
            #expect(try hanging.response()?.text == "piece 0\npiece 1\n")
            #expect(test.eventually { test.open == 4 })
            test.settle()
            let stopped = test.stopping(within: .seconds(60))
            #expect(try idle.isClosedByPeer() && hanging.isClosedByPeer())
            #expect(throws: SystemError(call: "connect", code: 111)) { try test.connect() }
            try sending.send("def")
            let one = try sending.response()
            #expect(one?.text == "abcdef")
            #expect(one?.headers["connection"] == "close")
            try asking.send("lo HTTP/1.1\r\nHost: a\r\n\r\n" + Text.hello)
            let other = try asking.response()
            #expect(other?.text == "hello")
            #expect(other?.headers["connection"] == "close")
            #expect(try sending.isClosedByPeer() && asking.isClosedByPeer())
            sending.reset()
            asking.reset()
            #expect(stopped.wait())
            #expect(test.open == 0)
        }
    }

    @Test func `an answer on its way is read to its end, and then the stop is over`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/big/8000000"))
            test.settle()
            let stopped = test.stopping(within: .seconds(60))
            #expect(try client.response()?.body.count == 8_000_000)
            #expect(try client.isClosedByPeer())
            client.reset()
            #expect(stopped.wait())
        }
    }

    @Test(arguments: [
        Text.get("/big/8000000"), Text.get("/hang"), Text.get("/park/1?wait=86400000"), "GET /hel",
    ])
    func `when the time is over so is the stop, whatever anybody still waits for`(
        request: String
    ) async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: request)
            #expect(test.eventually { test.open == 1 })
            test.settle()
            let stopped = test.stopping(within: .seconds(3_600), spread: .seconds(3_600))
            test.settle()
            #expect(!stopped.wait(atMost: .zero))
            for minute in 0..<61 {
                // It has something to wake for by itself, although nobody comes.
                let wakes = test.ask { $0.whenDrained == nil || $0.wheel.timeout(now: $0.now) >= 0 }
                #expect(wakes != false, "minute \(minute)")
                test.advance(by: .seconds(60))
            }
            #expect(stopped.wait())
            #expect(test.open == 0)
            client.reset()
        }
    }

    @Test func `handlers see that they are not waited for`() async throws {
        try await withServer { test in
            let hanging = try test.connect(sending: Text.get("/hang"))
            #expect(test.responder.record.waits(for: "hanging"))
            let streaming = try test.connect(sending: Text.get("/endless"))
            #expect(test.responder.record.waits(for: "piece written"))
            #expect(test.stopping(within: .zero).wait())
            #expect(test.responder.record.waits(for: "cancelled true"))
            #expect(test.responder.record.waits(for: "PeerHasLeft()"))
            hanging.reset()
            streaming.reset()
        }
    }

    @Test func `a handler that heeds nothing keeps no stop waiting, and still runs to its end`() async throws
    {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/stubborn"))
            #expect(test.eventually { test.responder.stubborn.withLock { $0 != nil } })
            #expect(test.stopping(within: .zero).wait())
            #expect(test.stopping(within: .zero).wait())
            #expect(try client.response() == nil)
            test.responder.stubborn.withLock { $0?.resume() }
            #expect(test.responder.record.waits(for: "stubborn to the end"))
        }
    }

    @Test func `a stop may be asked for again, and the shorter limit counts`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Text.get("/hang"))
            #expect(test.responder.record.waits(for: "hanging"))
            let first = test.stopping(within: .seconds(3_600))
            test.settle()
            let second = test.stopping(within: .seconds(5))
            test.settle()
            let third = test.stopping(within: .seconds(600))
            test.advance(by: .milliseconds(4_900))
            #expect(!first.wait(atMost: .zero) && !second.wait(atMost: .zero) && !third.wait(atMost: .zero))
            test.advance(by: .milliseconds(200))
            #expect(first.wait() && second.wait() && third.wait())
            #expect(test.stopping(within: .seconds(60)).wait())
            client.reset()
        }
    }
}

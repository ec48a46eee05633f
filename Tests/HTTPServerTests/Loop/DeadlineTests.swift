import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct DeadlineTests {
    /// More than the kernel buffers for one connection.
    private static let big = Text.get("/big/16000000")

    @Test func `a connection that says nothing is closed without a word`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect()
            test.advance(by: .milliseconds(9_900))
            #expect(test.open == 1)
            test.advance(by: .milliseconds(200))
            #expect(test.open == 0)
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `whoever connects long after the start is served`() async throws {
        try await withServer(movesClock: true) { test in
            test.clock.advance(by: .seconds(3_600))
            let client = try test.connect()
            test.settle()
            try client.send(Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `a head that drips in is refused when its time is up`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect()
            for byte in Text.hello.utf8.prefix(9) {
                try client.send([byte])
                test.advance(by: .seconds(1))
                #expect(test.open == 1)
            }
            test.advance(by: .milliseconds(1_100))
            let response = try client.response()
            #expect(response?.status == 408)
            #expect(response?.text == "headTooSlow")
            #expect(response?.headers["connection"] == "close")
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `a second head has as long as the first`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Text.hello)
            #expect(try client.response()?.text == "hello")
            test.advance(by: .seconds(60))
            try client.send("GET /hel")
            test.advance(by: .milliseconds(9_900))
            #expect(test.open == 1)
            test.advance(by: .milliseconds(200))
            #expect(try client.response()?.text == "headTooSlow")
        }
    }

    @Test func `a body that drips in is refused when its time is up`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Text.postHead("/echo", length: 100))
            for _ in 0..<29 {
                try client.send("x")
                test.advance(by: .seconds(1))
                #expect(test.open == 1)
            }
            test.advance(by: .milliseconds(1_100))
            let response = try client.response()
            #expect(response?.status == 408)
            #expect(response?.text == "bodyTooSlow")
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `a byte a second is enough for a request that is short`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Text.postHead("/echo", length: 20))
            for _ in 0..<20 {
                test.advance(by: .seconds(1))
                try client.send("x")
            }
            #expect(try client.response()?.text == String(repeating: "x", count: 20))
        }
    }

    @Test func `an idle connection is closed when its time is up`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Text.hello)
            #expect(try client.response()?.text == "hello")
            test.advance(by: .milliseconds(74_900))
            #expect(test.open == 1)
            test.advance(by: .milliseconds(200))
            #expect(test.open == 0)
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `an answer that is never read is cut off while others are served`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Self.big)
            test.advance(by: .milliseconds(19_900))
            #expect(test.open == 1)
            let other = try test.connect(sending: Text.hello)
            #expect(try other.response()?.text == "hello")
            #expect(test.cutsOff(leaving: 1, within: .seconds(45)))
            try other.send(Text.hello)
            #expect(try other.response()?.text == "hello")
            client.reset()
        }
    }

    @Test(arguments: [Text.hello, Text.get("/park/1"), Text.get("/hang"), Text.postHead("/echo", length: 3)])
    func `no further request prolongs the time for an unread answer`(further: String) async throws {
        var limits = Limits()
        limits.unsentBytes = 64 << 20
        try await withServer(limits: limits, movesClock: true) { test in
            let client = try test.connect(sending: Self.big)
            test.advance(by: .seconds(15))
            try client.send(further)
            test.settle()
            #expect(test.cutsOff(leaving: 0, within: .seconds(45)))
            #expect(test.parked == 0)
        }
    }

    @Test func `a peer that reads steadily gets the time it needs`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: Self.big)
            var count = 0
            while count < 15_000_000 {
                test.advance(by: .seconds(15))
                let target = count + 5_000_000
                while count < target { count += try client.readSome().count }
            }
            while count < 16_000_000 { count += try client.readSome().count }
            #expect(test.open == 1)
        }
    }

    @Test(arguments: [
        (Text.postHead("/echo", length: 3) + "x", Duration.seconds(30), "bodyTooSlow"),
        ("GET /hel", Duration.seconds(10), "headTooSlow"),
    ])
    func `what was begun before a late read has its own limit after it`(
        begun: String,
        limit: Duration,
        refusal: String
    ) async throws {
        var limits = Limits()
        limits.unsentBytes = 64 << 20
        try await withServer(limits: limits, movesClock: true) { test in
            let client = try test.connect(sending: Self.big)
            test.settle()
            try client.send(begun)
            test.advance(by: .seconds(5))
            #expect(try client.response()?.body.count == 16_000_000)
            test.advance(by: limit + .milliseconds(-100))
            #expect(test.open == 1)
            test.advance(by: .milliseconds(200))
            #expect(try client.response()?.text == refusal)
        }
    }

    @Test func `after a refusal a peer that stays is closed when the time to read it is up`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: "nonsense\r\n")
            #expect(try client.response()?.status == 400)
            test.advance(by: .milliseconds(1_900))
            #expect(test.open == 1)
            test.advance(by: .milliseconds(200))
            #expect(test.open == 0)
        }
    }
}

extension TestServer {
    /// Moves the clock until no more than so many connections are left.
    ///
    /// Longer than the write limit, for the kernel may take a little more now and then; shorter than any other.
    fileprivate func cutsOff(leaving count: Int, within limit: Duration) -> Bool {
        let end = clock.now + limit
        while open > count {
            if clock.now >= end { return false }
            advance(by: .milliseconds(500))
        }
        return true
    }
}

import Base
import Testing
import TestSupport

@testable import HTTPServer

/// Whatever ends a connection, what was written for it never reaches another.
@Suite struct CrossTalkTests {
    @Test func `answers of a connection that ends in a poll are not sent to the next`() async throws {
        try await withServer { test in
            let leaver = try test.connect(
                sending: "POST /slow-echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
                    + "GET /capture/mine/end HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /park/1 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            leaver.finishSending()
            let texts = try [leaver.response()?.text, leaver.response()?.text, leaver.response()?.text]
            #expect(texts == ["1", "mine", nil])
            let other = try test.connect(sending: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try other.response()?.text == "hello")
            test.settle()
            #expect(test.parked == 0)
        }
    }

    @Test func `answers of a connection that is reset between two reads are not sent to the next`()
        async throws
    {
        try await withServer { test in
            let (holder, reset) = (HeldLoop(test), HeldLoop(test))
            try holder.hold()
            // Exactly one read's worth, so that the loop reads again before it sends; the last one waits for the reset.
            let client = try test.connect()
            let last = "GET /hook HTTP/1.1\r\nHost: a\r\n\r\n"
            var flood: [UInt8] = []
            while flood.count < 63 << 10 { flood += Self.padded("GET /capture/mine/end", 1_024) }
            flood += Self.padded("GET /capture/mine/end", (64 << 10) - flood.count - last.utf8.count)
            flood += Array(last.utf8)
            try #require(flood.count == 64 << 10)
            try client.send(flood)
            try #require(test.eventuallyWithoutLoops { client.unacknowledged == 0 })
            reset.arm()
            holder.letGo()
            try #require(reset.waitUntilHeld())
            client.reset()
            reset.letGo()
            let other = try test.connect(sending: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try other.response()?.text == "hello")
        }
    }

    private static func padded(_ line: String, _ length: Int) -> [UInt8] {
        let rest = " HTTP/1.1\r\nHost: a\r\nX-Padding: \r\n\r\n"
        let padding = String(repeating: "p", count: length - line.utf8.count - rest.utf8.count)
        return Array("\(line) HTTP/1.1\r\nHost: a\r\nX-Padding: \(padding)\r\n\r\n".utf8)
    }

    @Test func `what stands behind a poll that nobody waits for is not acted upon`() async throws {
        try await withServer { test in
            let acted = Gate()
            test.responder.hook.withLock { $0 = { acted.open() } }
            let leaver = try test.connect(
                sending: "POST /slow-echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
                    + "GET /park/1 HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /hook HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            leaver.finishSending()
            #expect(try leaver.response()?.text == "1")
            #expect(try leaver.response()?.text == nil)
            test.settle()
            #expect(!acted.wait(atMost: .zero))
        }
    }
}

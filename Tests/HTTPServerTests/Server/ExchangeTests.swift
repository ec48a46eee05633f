import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct ExchangeTests {
    @Test func `HEAD is answered as GET without the body`() async throws {
        try await withServer { test in
            let client = try test.connect(
                sending: Text.head("/hello") + Text.head("/park/1?wait=0") + Text.hello
            )
            let response = try client.response(toHead: true)
            #expect(response?.status == 200)
            #expect(response?.headers["content-length"] == "5")
            #expect(try client.response(toHead: true)?.headers["content-length"] == "10")
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `an unknown path is 404, a known one by another method 405 with what it allows`() async throws
    {
        try await withServer { test in
            let client = try test.connect(
                sending: Text.get("/nothing") + Text.post("/hello", "") + Text.get("/echo")
            )
            #expect(try client.response()?.status == 404)
            let one = try client.response()
            #expect(one?.status == 405)
            #expect(one?.headers["allow"] == "GET, HEAD")
            #expect(try client.response()?.headers["allow"] == "POST")
        }
    }

    @Test func `an encoded slash stays inside its segment`() async throws {
        try await withServer { test in
            let client = try test.connect(
                sending: Text.get("/capture/a%2Fb/end") + Text.get("/capture/a/b/end")
                    + Text.get("/capture/%/end")
            )
            #expect(try client.response()?.text == "a/b")
            #expect(try client.response()?.status == 404)
            #expect(try client.response()?.text == "broken")
        }
    }

    @Test func `no value from a request becomes a header`() async throws {
        try await withServer { test in
            let client = try test.connect(
                sending: Text.get("/header?value=a%0D%0ASet-Cookie:%20b%0D%0A%0D%0Ac") + Text.hello
            )
            let response = try client.response()
            #expect(response?.headers["x-given"] == "a  Set-Cookie: b    c")
            #expect(response?.headers["set-cookie"] == nil)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `every answer has an id of its own and the date`() async throws {
        try await withServer(movesClock: true) { test in
            let client = try test.connect(sending: String(repeating: Text.hello, count: 100))
            var ids: Set<String> = []
            for _ in 0..<100 {
                let headers = try client.response()?.headers
                ids.insert(headers?["x-amzn-requestid"] ?? "")
                #expect(headers?["date"] == CalendarTime(test.clock.clock.wall()).httpDate)
            }
            #expect(ids.count == 100 && ids.allSatisfy { $0.utf8.count == 36 })
            test.advance(by: .seconds(3))
            try client.send(Text.hello)
            #expect(try client.response()?.headers["date"] == CalendarTime(test.clock.clock.wall()).httpDate)
        }
    }

    @Test func `a peer that stops sending after its request gets its answer`() async throws {
        try await withServer { test in
            for text in [Text.hello, Text.post("/echo", "hello"), Text.post("/slow-echo", "hello")] {
                let client = try test.connect(sending: text)
                client.finishSending()
                #expect(try client.response()?.text == "hello")
                #expect(try client.isClosedByPeer())
            }
            #expect(test.eventually { test.open == 0 })
        }
    }

    @Test(arguments: ["GET /hel", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"])
    func `a peer that leaves inside a request gets nothing`(text: String) async throws {
        try await withServer { test in
            let client = try test.connect(sending: text)
            client.finishSending()
            #expect(try client.response() == nil)
            #expect(test.eventually { test.open == 0 })
        }
    }

    @Test func `each byte a packet of its own, the answers are the same`() async throws {
        try await withServer { test in
            let client = try test.connect()
            let text =
                Text.hello + Text.post("/echo", "one")
                + "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\ntwo\r\n0\r\nT: u\r\n\r\n"
            for byte in text.utf8 {
                try client.send([byte])
                test.settle()
            }
            for expected in ["hello", "one", "two"] { #expect(try client.response()?.text == expected) }
        }
    }
}

@Suite struct PersistenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let version: String
        let headers: String
        let said: String?
        let stays: Bool
    }

    @Test(arguments: [
        Case(testDescription: "1.1", version: "1.1", headers: "", said: nil, stays: true),
        Case(
            testDescription: "1.1, close",
            version: "1.1",
            headers: "Connection: x, Close\r\n",
            said: "close",
            stays: false
        ),
        Case(testDescription: "1.0", version: "1.0", headers: "", said: "close", stays: false),
        Case(
            testDescription: "1.0, keep-alive",
            version: "1.0",
            headers: "Connection: keep-alive\r\n",
            said: "keep-alive",
            stays: true
        ),
        Case(
            testDescription: "1.0, both",
            version: "1.0",
            headers: "Connection: close\r\nConnection: keep-alive\r\n",
            said: "close",
            stays: false
        ),
    ])
    func `a connection stays where its version and headers say so`(each: Case) async throws {
        try await withServer { test in
            for path in ["/hello", "/park/1?wait=0"] {
                let client = try test.connect(
                    sending: Text.get(path, each.headers, version: each.version)
                        + Text.get("/capture/next/end")
                )
                #expect(try client.response()?.headers["connection"] == each.said)
                #expect(try client.response()?.text == (each.stays ? "next" : nil))
            }
        }
    }
}

@Suite struct ContinueTests {
    private static let expectation = "Expect: 100-continue\r\n"

    @Test func `a peer that waits for leave to send its body gets it, once`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.postHead("/echo", length: 6, Self.expectation))
            #expect(try client.response()?.status == 100)
            try client.send("abc")
            test.settle()
            try client.send("def")
            let response = try client.response()
            #expect(response?.status == 200)
            #expect(response?.text == "abcdef")
            try client.send(Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `a body that is there already needs no leave`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.post("/echo", "abc", Self.expectation))
            #expect(try client.response()?.text == "abc")
        }
    }

    @Test func `without a body, or from HTTP/1.0, there is nothing to wait for`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/hello", Self.expectation))
            #expect(try client.response()?.text == "hello")
            let old = try test.connect(
                sending: "POST /echo HTTP/1.0\r\nContent-Length: 3\r\n\(Self.expectation)\r\n"
            )
            test.settle()
            try old.send("abc")
            #expect(try old.response()?.text == "abc")
        }
    }

    @Test(arguments: [("/secret", 6, 403, "no"), ("/echo", 65_537, 413, "bodyTooLarge")])
    func `a body that is not wanted is refused before it is sent`(
        path: String,
        length: Int,
        status: Int,
        text: String
    ) async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.postHead(path, length: length, Self.expectation))
            let response = try client.response()
            #expect(response?.status == status)
            #expect(response?.text == text)
            #expect(response?.headers["connection"] == "close")
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `a body that is sent all the same does not take the refusal away`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.postHead("/secret", length: 60_000))
            try client.send([UInt8](repeating: 97, count: 60_000))
            client.finishSending()
            let response = try client.response()
            #expect(response?.status == 403)
            #expect(response?.text == "no")
            #expect(try client.isClosedByPeer())
        }
    }
}

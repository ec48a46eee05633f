import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct StreamTests {
    @Test func `a stream comes in chunks, and the connection goes on after it`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/stream/3") + Text.hello)
            let head = try client.responseHead()
            #expect(head?.status == 200)
            #expect(head?.headers["transfer-encoding"] == "chunked")
            #expect(head?.headers["content-length"] == nil)
            #expect(head?.headers["x-slow"] == "yes")
            for index in 0..<3 { #expect(try client.readChunk() == Array("piece \(index)\n".utf8)) }
            #expect(try client.readChunk() == nil)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `a stream for HTTP/1.0 ends with the connection`() async throws {
        try await withServer { test in
            let client = try test.connect(
                sending: Text.get("/stream/2", "Connection: keep-alive\r\n", version: "1.0")
            )
            let response = try client.response()
            #expect(response?.headers["transfer-encoding"] == nil)
            #expect(response?.headers["connection"] == "close")
            #expect(response?.text == "piece 0\npiece 1\n")
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `HEAD of a stream is its head, and the connection goes on`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.head("/endless") + Text.hello)
            let response = try client.response(toHead: true)
            #expect(response?.headers["transfer-encoding"] == "chunked")
            #expect(try client.response()?.text == "hello")
            #expect(test.responder.record.all == [])
        }
    }

    @Test func `a stream that fails is cut off without its last chunk`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/cut") + Text.hello)
            #expect(try client.responseHead()?.status == 200)
            #expect(try client.readChunk() == Array("half ".utf8))
            #expect(throws: RawClientError.self) { try client.readChunk() }
            #expect(test.eventually { test.open == 0 })
        }
    }

    @Test func `a stream waits for its reader, and is told when it has left`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/endless"))
            let written = { test.responder.record.all.count }
            // At rest: many turns of the loop without another piece.
            let rests = test.eventually {
                let before = written()
                for _ in 0..<20 { test.settle() }
                return before > 0 && written() == before
            }
            #expect(rests)
            let before = written()
            #expect(before < 1_000)
            _ = try client.responseHead()
            for _ in 0..<(before / 2) { #expect(try client.readChunk()?.count == 65_536) }
            #expect(test.eventually { written() > before })
            client.reset()
            #expect(test.responder.record.waits(for: "PeerHasLeft()"))
            #expect(test.eventually { test.open == 0 })
        }
    }

    @Test func `a stream whose reader closes is told so too`() async throws {
        try await withServer { test in
            var client: RawClient? = try test.connect(sending: Text.get("/endless"))
            #expect(try client?.responseHead()?.status == 200)
            client = nil
            #expect(test.responder.record.waits(for: "PeerHasLeft()"))
        }
    }
}

@Suite struct TaskTests {
    @Test func `a handler whose peer breaks off is cancelled`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/hang"))
            #expect(test.responder.record.waits(for: "hanging"))
            client.reset()
            #expect(test.responder.record.waits(for: "cancelled true"))
            #expect(test.eventually { test.ask { $0.tasks } == 0 })
            #expect(test.open == 0)
        }
    }

    @Test func `a handler whose peer has only stopped sending still answers`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.post("/slow-echo", "one"))
            client.finishSending()
            #expect(try client.response()?.text == "one")
            #expect(try client.isClosedByPeer())
        }
    }

    @Test func `a responder that answers nothing has the peer told`() async throws {
        try await withServer { test in
            let client = try test.connect(sending: Text.get("/silent") + Text.hello)
            let response = try client.response()
            #expect(response?.status == 500)
            #expect(response?.headers["content-length"] == "0")
            #expect(try client.response()?.text == "hello")
        }
    }
}

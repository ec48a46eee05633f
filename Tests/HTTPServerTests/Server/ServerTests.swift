import Base
import HTTPServer
import Testing
import TestSupport

@Suite struct ServerTests {
    @Test func `a connection carries request after request`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.address.port)
            for _ in 0..<3 {
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try #require(try client.response())
                #expect(response.status == 200)
                #expect(response.text == "hello")
            }
        }
    }

    @Test func `pipelined requests are answered in order, whatever each waits for`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.address.port)
            try client.send(
                "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /slow-echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                    + "GET /park/7?wait=50 HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /stream/3 HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
            )
            var texts: [String] = []
            for _ in 0..<5 { texts.append(try #require(try client.response()).text) }
            #expect(texts == ["hello", "one", "deadline 7", "piece 0\npiece 1\npiece 2\n", "two"])
        }
    }

    @Test func `waking a key answers those who wait for it and nobody else`() async throws {
        try await withServer(loops: 2) { server in
            let first = try RawClient(port: server.address.port)
            let second = try RawClient(port: server.address.port)
            try first.send("GET /park/1 HTTP/1.1\r\nHost: a\r\n\r\n")
            try second.send("GET /park/2?wait=300 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { server.counts.map(\.parked).reduce(0, +) == 2 })
            server.wake(1)
            #expect(try first.response()?.text == "woken 1")
            #expect(try second.response()?.text == "deadline 2")
        }
    }
}

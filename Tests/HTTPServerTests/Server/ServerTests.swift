import Base
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct ServerTests {
    @Test func `a connection carries request after request`() async throws {
        try await withServer { test in
            let client = try test.connect()
            for _ in 0..<3 {
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try #require(try client.response())
                #expect(response.status == 200)
                #expect(response.text == "hello")
            }
        }
    }

    @Test func `pipelined requests are answered in order, whatever each waits for`() async throws {
        try await withServer { test in
            let client = try test.connect(
                sending: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
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
}

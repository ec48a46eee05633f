import Testing
import TestSupport

@testable import HTTPServer

@Suite struct DetachedRequestTests {
    @Test func `a pipelined request without a query can be asked for one after it was detached`() async throws
    {
        try await withServer { test in
            let client = try test.connect(
                sending: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /query/a%2Fb HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
                    + "POST /query/c?q=1+2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
                    + "POST /query/d? HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            )
            var texts: [String] = []
            for _ in 0..<4 { texts.append(try #require(try client.response()).text) }
            #expect(
                texts == [
                    "hello", "/query/a%2Fb a/b none []", "/query/c c 1 2 [q=1+2]", "/query/d d none []",
                ]
            )
        }
    }
}

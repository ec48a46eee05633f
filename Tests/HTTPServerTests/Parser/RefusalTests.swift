import Testing
import TestSupport

@testable import HTTPServer

@Suite struct RefusalTests {
    private let harness = ParserHarness(limits: Refusal.limits)

    @Test(arguments: Refusal.all)
    func `the parser says what is wrong`(refusal: Refusal) {
        let (requests, end) = harness.run(Array(refusal.text.utf8))
        #expect(requests == [])
        #expect(end == .refused(refusal.failure))
        #expect(refusal.failure.status.code == refusal.status)
    }

    @Test(arguments: Refusal.all)
    func `in pieces the verdict is the same`(refusal: Refusal) {
        let bytes = Array(refusal.text.utf8)
        for cut in 0..<bytes.count {
            #expect(harness.run(bytes, cuts: [cut]).end == .refused(refusal.failure), "cut at \(cut)")
        }
        #expect(harness.run(bytes, cuts: Array(0..<bytes.count)).end == .refused(refusal.failure))
    }

    @Test func `a live server answers each with its status, then closes`() async throws {
        try await withServer(limits: Refusal.limits) { test in
            for refusal in Refusal.all {
                let client = try test.connect(
                    sending: refusal.text + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                let response = try client.response()
                #expect(response?.status == refusal.status, "\(refusal.testDescription)")
                #expect(response?.text == "\(refusal.failure)", "\(refusal.testDescription)")
                #expect(response?.headers["connection"] == "close", "\(refusal.testDescription)")
                #expect(try client.isClosedByPeer(), "\(refusal.testDescription)")
            }
            #expect(test.eventually { test.open == 0 })
        }
    }

    @Test func `after a good request too the bad one is answered, and nothing behind it`() async throws {
        try await withServer(limits: Refusal.limits) { test in
            for refusal in Refusal.all {
                let good = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                let client = try test.connect(sending: good + refusal.text + good)
                let texts = try [client.response()?.text, client.response()?.text]
                #expect(texts == ["hello", "\(refusal.failure)"], "\(refusal.testDescription)")
                #expect(try client.isClosedByPeer(), "\(refusal.testDescription)")
            }
        }
    }

    @Test func `each failure has a row, but for those of time`() {
        let missing = Set(ParseFailure.allCases).subtracting(Refusal.all.map(\.failure))
        #expect(missing == [.headTooSlow, .bodyTooSlow])
    }

    @Test func `each failure has a sentence of its own`() {
        #expect(Set(ParseFailure.allCases.map(\.message)).count == ParseFailure.allCases.count)
        #expect(ParseFailure.allCases.allSatisfy { $0.message.hasSuffix(".") && $0.status.code >= 400 })
    }
}

import Testing

@testable import HTTPServer

/// A request that is unusual and right, and what it means.
struct Acceptance: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let expected: ParsedRequest

    init(_ name: String, _ text: String, _ change: (inout ParsedRequest) -> Void) {
        testDescription = name
        self.text = text
        var request = ParsedRequest(method: "GET", path: "/", headers: ["Host: a"])
        change(&request)
        expected = request
    }

    static let all: [Acceptance] = [
        Acceptance("plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n") { _ in },
        Acceptance("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") { _ in },
        Acceptance("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n") { $0.headers = ["Host: "] },
        Acceptance("blanks around a value", "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n") { _ in },
        Acceptance(
            "a tab and a high byte inside a value",
            "GET / HTTP/1.1\r\nHost: a\r\nA: b\t\u{E9}\r\n\r\n"
        ) {
            $0.headers.append("A: b\t\u{E9}")
        },
        Acceptance("every token character", "!#$%&'*+-.^_`|~09azAZ / HTTP/1.1\r\nHost: a\r\n\r\n") {
            $0.method = "!#$%&'*+-.^_`|~09azAZ"
        },
        Acceptance("a lower-case method is another", "get / HTTP/1.1\r\nHost: a\r\n\r\n") {
            $0.method = "get"
        },
        Acceptance("a query", "GET /a?b=c?d HTTP/1.1\r\nHost: a\r\n\r\n") {
            ($0.path, $0.query) = ("/a", "b=c?d")
        },
        Acceptance("an empty query", "GET /a? HTTP/1.1\r\nHost: a\r\n\r\n") { $0.path = "/a" },
        Acceptance("absolute", "GET http://b:80/c?d HTTP/1.1\r\nHost: a\r\n\r\n") {
            ($0.path, $0.query) = ("/c", "d")
        },
        Acceptance("absolute without a path", "GET HTTP://b HTTP/1.1\r\nHost: a\r\n\r\n") { _ in },
        Acceptance("absolute with a slash in its query", "GET http://b?c=/d HTTP/1.1\r\nHost: a\r\n\r\n") {
            $0.query = "c=/d"
        },
        Acceptance("an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") {
            ($0.method, $0.path) = ("OPTIONS", "*")
        },
        Acceptance("close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x ,CLOSE\t, y\r\n\r\n") {
            $0.headers.append("Connection: x ,CLOSE\t, y")
            $0.keepsAlive = false
        },
        Acceptance("not quite close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed,,\r\n\r\n") {
            $0.headers.append("Connection: closed,,")
        },
        Acceptance("1.0", "GET / HTTP/1.0\r\n\r\n") {
            ($0.headers, $0.keepsAlive, $0.isOldVersion) = ([], false, true)
        },
        Acceptance("1.0 that stays", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n") {
            ($0.headers, $0.isOldVersion) = (["Connection: Keep-Alive"], true)
        },
        Acceptance("1.0, keep-alive, then close", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n") {
            ($0.headers, $0.isOldVersion) = (["Connection: keep-alive, close"], true)
            $0.keepsAlive = false
        },
        Acceptance(
            "1.0, close in one header, keep-alive in the next",
            "GET / HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n"
        ) {
            ($0.headers, $0.isOldVersion) = (["Connection: close", "Connection: keep-alive"], true)
            $0.keepsAlive = false
        },
        Acceptance("a length with zeros", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0003\r\n\r\nabc") {
            $0.headers.append("Content-Length: 0003")
            $0.body = Array("abc".utf8)
        },
        Acceptance("a length of nothing", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n") {
            $0.headers.append("Content-Length: 0")
        },
        Acceptance(
            "an expectation without a body is none",
            "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"
        ) { $0.headers.append("Expect: 100-continue") },
        Acceptance(
            "an expectation with a body",
            "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\na"
        ) {
            $0.headers += ["Expect: 100-Continue", "Content-Length: 1"]
            ($0.body, $0.expectsContinue) = ([97], true)
        },
        Acceptance(
            "chunks in every form",
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:CHUNKED \r\n\r\n"
                + "1\r\na\r\n0002;x=\"y\"\r\nbc\r\nA;\r\n0123456789\r\n00\r\nT: u\r\nV: w\r\n\r\n"
        ) {
            $0.headers.append("Transfer-Encoding: CHUNKED")
            $0.body = Array("abc0123456789".utf8)
        },
    ]
}

@Suite struct AcceptanceTests {
    private let harness = ParserHarness(limits: Refusal.limits)

    @Test(arguments: Acceptance.all)
    func `what is unusual and right is understood`(each: Acceptance) {
        let (requests, end) = harness.run(Array(each.text.utf8))
        #expect(requests == [each.expected])
        #expect(end == .betweenRequests)
    }

    @Test(arguments: Acceptance.all)
    func `cut anywhere, a request means the same`(each: Acceptance) {
        let bytes = Array(each.text.utf8)
        for cut in 0...bytes.count {
            let whole = harness.run(bytes, cuts: [cut])
            #expect(whole.requests == [each.expected], "cut at \(cut)")
            let prefix = harness.run(Array(bytes[..<cut]))
            #expect(prefix.requests == (cut == bytes.count ? [each.expected] : []), "up to \(cut)")
            if case .refused = prefix.end { Issue.record("refused up to \(cut)") }
        }
        #expect(harness.run(bytes, cuts: Array(0..<bytes.count)).requests == [each.expected])
    }

    @Test func `pipelined and cut anywhere, every request means the same`() {
        let bytes = Array(Acceptance.all.map(\.text).joined().utf8)
        let expected = Acceptance.all.map(\.expected)
        #expect(harness.run(bytes).requests == expected)
        for cut in 0..<bytes.count {
            #expect(harness.run(bytes, cuts: [cut]).requests == expected, "cut at \(cut)")
        }
        #expect(harness.run(bytes, cuts: Array(0..<bytes.count)).requests == expected)
    }

    @Test func `a forbidden byte is found wherever it stands, in texts of every length`() {
        for length in 0...25 {
            for byte in UInt8.min ... .max {
                for place in 0..<length {
                    for neighbour in [9, 32, 128, 255] as [UInt8] {
                        var bytes = [UInt8](repeating: neighbour, count: length + 2)
                        // Around the text, where they must not matter.
                        (bytes[0], bytes[length + 1]) = (0, 127)
                        bytes[place + 1] = byte
                        let found = bytes.span.firstForbidden(in: 1..<length + 1)
                        let expected = Characters.isFieldText(byte) ? nil : place + 1
                        if found != expected { Issue.record("\(byte) at \(place) of \(length)") }
                    }
                }
            }
        }
    }

    @Test func `tokens and field text are what RFC 9110 says`() {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min ... .max {
            let scalar = Unicode.Scalar(byte)
            let isAlphanumeric =
                scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(byte))
            #expect(Characters.isToken(byte) == (isAlphanumeric || marks.contains(byte)), "\(byte)")
            #expect(Characters.isVisible(byte) == (33...126).contains(byte), "\(byte)")
            #expect(Characters.isFieldText(byte) == (byte == 9 || byte >= 32 && byte != 127), "\(byte)")
        }
    }
}

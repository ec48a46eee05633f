import Base
import Glibc
import TestSupport
import Testing
import WebClient

/// What goes wrong, and what is never sent.
@Suite(.timeLimit(.minutes(2))) struct WebLimitTests {
    static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func `a peer that says nothing costs the time allowed, and the next question is a new one`() throws
    {
        let peer = try ScriptedPeer { $0.line.contains("/hang") ? .silence : .answer(Self.fine) }
        let session = WebSession(WebPeer(.url(peer.url)))
        var request = WebRequest("GET", "/hang")
        request.timeLimit = .milliseconds(200)
        let began = Instant.now
        #expect(throws: WebError.timeUp("Timeout was reached")) { try session.ask(request) }
        #expect(Instant.now - began >= .milliseconds(190))
        #expect(try session.ask(WebRequest("GET", "/")).status == 200)
        #expect(peer.asked.map(\.connection) == [1, 2])
    }

    @Test func `a peer that falls silent inside its answer is given up`() throws {
        let peer = try ScriptedPeer { _ in .answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok") }
        var request = WebRequest("GET", "/")
        request.timeLimit = nil
        request.silenceLimit = .seconds(1)
        #expect(throws: WebError.timeUp("Timeout was reached")) {
            try WebSession(WebPeer(.url(peer.url))).ask(request)
        }
    }

    @Test func `an answer may be as long as was said, and no longer`() throws {
        let peer = try ScriptedPeer { _ in .answer("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n12345678") }
        let session = WebSession(WebPeer(.url(peer.url)))
        var request = WebRequest("GET", "/")
        request.answerLimit = 8
        #expect(try session.ask(request).body.count == 8)
        request.answerLimit = 7
        #expect(throws: WebError.answerTooLong(limit: 7)) { try session.ask(request) }
        request.answerLimit = 8
        #expect(try session.ask(request).body.count == 8)
    }

    @Test func `an answer that is cut off is none`() throws {
        let peer = try ScriptedPeer { _ in .last("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n123") }
        #expect(throws: WebError.failed("Transferred a partial file")) {
            try WebSession(WebPeer(.url(peer.url))).ask(WebRequest("GET", "/"))
        }
    }

    @Test func `nobody there is an error of its own`() throws {
        let (raw, port) = try Listening.socket()
        _ = close(raw)
        #expect(throws: WebError.failed("Couldn't connect to server")) {
            try WebSession(WebPeer(.url("http://127.0.0.1:\(port)"))).ask(WebRequest("GET", "/"))
        }
        #expect(throws: WebError.failed("Couldn't connect to server")) {
            try WebSession(WebPeer(.socket("/nowhere/s"))).ask(WebRequest("GET", "/"))
        }
        let long = "/nowhere/" + String(repeating: "s", count: 120)
        #expect(throws: WebError.unusable("No such file or directory")) {
            try WebSession(WebPeer(.socket(long))).ask(WebRequest("GET", "/"))
        }
    }

    struct Unsaid: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var path = "/"
        var header = WebHeader("A", "b")
    }

    @Test(arguments: [
        Unsaid(testDescription: "a second line in a header", header: WebHeader("A", "b\r\nC: d")),
        Unsaid(testDescription: "a NUL in a header", header: WebHeader("A", "b\0")),
        Unsaid(testDescription: "a header's name with a colon", header: WebHeader("A: b", "c")),
        Unsaid(testDescription: "a header without a name", header: WebHeader("", "c")),
        Unsaid(testDescription: "a second line in a path", path: "/ HTTP/1.1\r\nA: b"),
        Unsaid(testDescription: "a path that goes on from the host", path: ".example.org/"),
    ])
    func `what HTTP cannot carry is not sent`(_ each: Unsaid) throws {
        let peer = try ScriptedPeer { _ in .answer(Self.fine) }
        let error = #expect(throws: WebError.self) {
            try WebSession(WebPeer(.url(peer.url)))
                .ask(WebRequest("GET", each.path, headers: [each.header]))
        }
        guard case .unusable = error else { throw error ?? .failed("no error") }
        #expect(peer.asked == [])
    }

    @Test func `only HTTP is spoken`() throws {
        #expect(throws: WebError.failed("Unsupported protocol")) {
            try WebSession(WebPeer(.url("file://"))).ask(WebRequest("GET", "/etc/hostname"))
        }
    }

    @Test func `a proxy is gone past where that is wished, and by a socket always`() async {
        await #expect(processExitsWith: .success) {
            let (folder, fine) = (try Folder(), Self.fine)
            let (raw, port) = try Listening.socket()
            _ = close(raw)
            setenv("http_proxy", "http://127.0.0.1:\(port)", 1)
            let peer = try ScriptedPeer { _ in .answer(fine) }
            let local = try ScriptedPeer(at: folder.socket) { _ in .answer(fine) }
            try #require(throws: WebError.failed("Couldn't connect to server")) {
                try WebSession(WebPeer(.url(peer.url))).ask(WebRequest("GET", "/"))
            }
            try #require(peer.asked == [])
            _ = try WebSession(WebPeer(.url(peer.url), isDirect: true)).ask(WebRequest("GET", "/"))
            _ = try WebSession(WebPeer(.socket(folder.socket))).ask(WebRequest("GET", "/"))
            try #require(peer.asked.count == 1 && local.asked.count == 1)
        }
    }

    @Test func `a listener hears a stream while it goes on`() throws {
        let heard = Locked("")
        let peer = try ScriptedPeer { _ in
            .pieces(
                [
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "3\r\none\r\n",
                    "3\r\ntwo\r\n0\r\n\r\n",
                ],
                turn: { index in
                    guard index == 2 else { return }
                    _ = heard.wait(atMost: .seconds(20)) { $0 == "one" }
                }
            )
        }
        var pieces: [String] = []
        let answer = try WebSession(WebPeer(.url(peer.url))).ask(WebRequest("GET", "/")) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            pieces.append(text)
            heard.withLock { $0 += text }
            heard.announce()
        }
        #expect(answer.status == 200 && answer.body == [])
        #expect(pieces == ["one", "two"])
    }

    @Test func `a listener hears nothing of a refusal`() throws {
        let peer = try ScriptedPeer { _ in .answer("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno") }
        let answer = try WebSession(WebPeer(.url(peer.url))).ask(WebRequest("GET", "/")) { _ in
            Issue.record("heard something")
        }
        #expect(answer.status == 403 && answer.body == Array("no".utf8))
    }
}

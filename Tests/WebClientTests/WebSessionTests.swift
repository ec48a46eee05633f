import Base
import TestSupport
import Testing

@testable import WebClient

/// Questions and answers over sockets of this machine.
@Suite(.timeLimit(.minutes(2))) struct WebSessionTests {
    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func `a question arrives as it was put, and its answer as it was given`() throws {
        let peer = try ScriptedPeer { _ in
            .answer(
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                    + "HTTP/1.1 409 Conflict\r\nX-Two: b\r\nx-one: a\r\nX-Two: c\r\nContent-Length: 3\r\n\r\nno!"
            )
        }
        let headers = [WebHeader("X-Mine", "a: b"), WebHeader("X-Empty", "")]
        let answer = try WebSession(WebPeer(.url(peer.url)))
            .ask(WebRequest("PUT", "/a%20b?c=d", headers: headers, body: Array("body".utf8)))
        let got = [
            WebHeader("X-Two", "b"), WebHeader("x-one", "a"), WebHeader("X-Two", "c"),
            WebHeader("Content-Length", "3"),
        ]
        #expect(answer == WebAnswer(status: 409, headers: got, body: Array("no!".utf8)))
        #expect(answer["X-ONE"] == "a" && answer["Link"] == nil && !answer.isSuccess)
        let asked = try #require(peer.asked.first)
        #expect(peer.asked.count == 1)
        #expect(asked.line == "PUT /a%20b?c=d HTTP/1.1")
        #expect(asked.body == "body")
        #expect(asked.header("X-Mine") == "a: b")
        #expect(asked.headers.contains { $0.hasPrefix("X-Empty:") })
        #expect(asked.header("Authorization") == nil)
    }

    @Test func `a connection is kept for the next question, and made again where the peer ended it`() throws {
        let peer = try ScriptedPeer { $0.line.contains("/last") ? .last(Self.fine) : .answer(Self.fine) }
        let session = WebSession(WebPeer(.url(peer.url)))
        for path in ["/one", "/two", "/last", "/four"] {
            #expect(try session.ask(WebRequest("GET", path)).body == Array("ok".utf8))
        }
        #expect(peer.asked.map(\.connection) == [1, 1, 1, 2])
    }

    @Test func `a question has nothing of the one before it`() throws {
        let peer = try ScriptedPeer { _ in .answer(Self.fine) }
        let session = WebSession(WebPeer(.url(peer.url)))
        _ = try session.ask(WebRequest("POST", "/", headers: [WebHeader("X-A", "a")], body: Array("b".utf8)))
        _ = try session.ask(WebRequest("POST", "/", body: []))
        _ = try session.ask(WebRequest("GET", "/"))
        #expect(peer.asked.map { String($0.line.prefix(4)) } == ["POST", "POST", "GET "])
        #expect(peer.asked.map(\.body) == ["b", "", ""])
        #expect(peer.asked.map { $0.header("X-A") } == ["a", nil, nil])
        #expect(peer.asked.map { $0.header("Content-Length") } == ["1", "0", nil])
    }

    @Test func `a redirect is an answer`() throws {
        let peer = try ScriptedPeer { _ in
            .answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        }
        let answer = try WebSession(WebPeer(.url(peer.url))).ask(WebRequest("GET", "/"))
        #expect(answer.status == 302 && answer["location"] == "/elsewhere")
        #expect(peer.asked.count == 1)
    }

    @Test func `304 has headers and no body`() throws {
        let peer = try ScriptedPeer { _ in .answer("HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\n\r\n") }
        let answer = try WebSession(WebPeer(.url(peer.url))).ask(WebRequest("GET", "/"))
        #expect(answer == WebAnswer(status: 304, headers: [WebHeader("ETag", "\"7\"")], body: []))
    }

    @Test(arguments: [0, 160])
    func `a Unix socket is reached however long its path is`(_ padding: Int) throws {
        let folder = try Folder(padding: padding)
        let peer = try ScriptedPeer(at: folder.socket) { _ in .answer(Self.fine) }
        let session = WebSession(WebPeer(.socket(folder.socket)))
        #expect(try session.ask(WebRequest("GET", "/x")).status == 200)
        #expect(try session.ask(WebRequest("GET", "/y")).status == 200)
        #expect(peer.asked.map(\.line) == ["GET /x HTTP/1.1", "GET /y HTTP/1.1"])
    }

    @Test func `a key signs, and its secret stays here`() throws {
        let peer = try ScriptedPeer { _ in .answer(Self.fine) }
        let key = try #require(KeyID("FP" + String(repeating: "A", count: 18)))
        let credentials = CredentialsFile(keyID: key, secret: Secret(text: "s3cret"), region: "eu-west-1")
        let signer = WebPeer(.url(peer.url), proof: .signature(credentials))
        _ = try WebSession(signer).ask(WebRequest("POST", "/x", body: Array("{}".utf8)))
        _ = try WebSession(WebPeer(.url(peer.url), proof: .bearer(Secret(text: "t0ken"))))
            .ask(WebRequest("GET", "/y"))
        let (signed, borne) = (peer.asked[0], peer.asked[1])
        let proof = signed.header("Authorization") ?? ""
        #expect(proof.hasPrefix("AWS4-HMAC-SHA256 Credential=\(key)/"))
        #expect(proof.contains("/eu-west-1/fis/aws4_request"))
        #expect(!signed.headers.joined().contains("s3cret"))
        #expect(borne.header("Authorization") == "Bearer t0ken")
        #expect(!"\(signer)".contains("s3cret"))
    }
}

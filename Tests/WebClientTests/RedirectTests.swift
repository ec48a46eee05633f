import Base
import TestSupport
import Testing

@testable import WebClient

/// Where a redirect may lead, and what goes along.
@Suite(.timeLimit(.minutes(2))) struct RedirectTests {
    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private static func to(_ place: String, _ status: String = "302 Found") -> ScriptedPeer.Reply {
        .answer("HTTP/1.1 \(status)\r\nLocation: \(place)\r\nContent-Length: 0\r\n\r\n")
    }

    private static func get(_ path: String) -> WebRequest {
        var request = WebRequest("GET", path, headers: [WebHeader("X-Mine", "a")])
        request.redirects = 3
        return request
    }

    @Test func `three are followed, with the proof where the peer stays the same`() async throws {
        let peer = try ScriptedPeer { asked in
            switch asked.line.split(separator: " ")[1] {
            case "/1": Self.to("/2")
            case "/2": Self.to("3?x", "308 Permanent Redirect")
            case "/3?x": Self.to("/4", "307 Temporary Redirect")
            case "/4": .answer(Self.fine)
            case "/0": Self.to("/1")
            default: .answer("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let fleet = try WebFleet()
        let place = WebPeer(.url(peer.url), proof: .bearer(Secret(text: "t0ken")))
        #expect(try await fleet.ask(Self.get("/1"), of: place).status == 200)
        #expect(peer.asked.map { $0.header("Authorization") } == Array(repeating: "Bearer t0ken", count: 4))
        #expect(peer.asked.map(\.connection) == [1, 1, 1, 1])
        await #expect(throws: WebError.failed("More than 3 redirects")) {
            try await fleet.ask(Self.get("/0"), of: place)
        }
        var none = Self.get("/1")
        none.redirects = 0
        #expect(try await fleet.ask(none, of: place).status == 302)
    }

    @Test func `another peer gets no proof`() async throws {
        let second = try ScriptedPeer { _ in .answer(Self.fine) }
        let there = second.url
        let first = try ScriptedPeer { _ in Self.to("\(there)/x") }
        let fleet = try WebFleet()
        for proof in [
            WebPeer.Proof.bearer(Secret(text: "t0ken")), .basic(user: "u", password: Secret(text: "p")),
        ] {
            _ = try await fleet.ask(Self.get("/"), of: WebPeer(.url(first.url), proof: proof))
        }
        var explicit = Self.get("/")
        explicit.headers.append(WebHeader("AUTHORIZATION", "mine"))
        _ = try await fleet.ask(explicit, of: WebPeer(.url(first.url)))
        #expect(first.asked.allSatisfy { $0.header("Authorization") != nil })
        #expect(second.asked.count == 3)
        #expect(second.asked.allSatisfy { $0.header("Authorization") == nil && $0.header("X-Mine") == "a" })
    }

    @Test func `a signed question and one that is no GET are not asked elsewhere`() async throws {
        let peer = try ScriptedPeer { _ in Self.to("/elsewhere") }
        let fleet = try WebFleet()
        var post = WebRequest("POST", "/", body: [])
        post.redirects = 3
        #expect(try await fleet.ask(post, of: WebPeer(.url(peer.url))).status == 302)
        let proof = WebPeer.Proof.signature(keyID: "A", secret: Secret(text: "s"), region: "r", service: "s")
        #expect(try await fleet.ask(Self.get("/"), of: WebPeer(.url(peer.url), proof: proof)).status == 302)
        #expect(peer.asked.count == 2)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let place: String
        let error: WebError
        var testDescription: String { place }
    }

    @Test(arguments: [
        Row(
            place: "http://169.254.169.254/latest/meta-data/",
            error: .unusable("169.254.169.254 is a link-local address, which is never asked")
        ),
        Row(
            place: "http://[::ffff:169.254.169.254]/",
            error: .unusable("169.254.169.254 is a link-local address, which is never asked")
        ),
        Row(
            place: "http://2852039166/",
            error: .unusable("169.254.169.254 is a link-local address, which is never asked")
        ),
        Row(place: "file:///etc/passwd", error: .failed("A redirect to what is no URL of HTTP")),
        Row(place: "gopher://127.0.0.1/x", error: .failed("A redirect to what is no URL of HTTP")),
        Row(place: "http://user:word@127.0.0.1/", error: .failed("A redirect to what is no URL of HTTP")),
    ])
    func `what is never asked is not asked by a redirect either`(_ row: Row) async throws {
        let peer = try ScriptedPeer { _ in Self.to(row.place) }
        let fleet = try WebFleet()
        await #expect(throws: row.error) {
            try await fleet.ask(Self.get("/"), of: WebPeer(.url(peer.url)))
        }
    }

    @Test func `only who is on the list is asked, by name or by the address that is reached`() async throws {
        let peer = try ScriptedPeer { asked in
            asked.line.contains("/go") ? Self.to("http://localhost:\(asked.port)/x") : .answer(Self.fine)
        }
        func ask(_ list: String, _ url: String) async throws -> WebAnswer {
            var rules = WebFleet.Rules()
            rules.destinations = try #require(WebDestinations(list))
            return try await WebFleet(rules).ask(Self.get(url), of: WebPeer(.url(peer.url)))
        }
        #expect(try await ask("127.0.0.1", "/").status == 200)
        #expect(try await ask("127.0.0.0/8", "/").status == 200)
        #expect(try await ask("127.0.0.1:\(peer.port)", "/").status == 200)
        // Its name is not on the list, but the address that the name leads to is.
        #expect(try await ask("127.0.0.1", "/go").status == 200)
        await #expect(
            throws: WebError.unusable("127.0.0.1 (127.0.0.1) is not among the destinations that may be asked")
        ) { try await ask("localhost", "/") }
        await #expect(
            throws: WebError.unusable("127.0.0.1 (127.0.0.1) is not among the destinations that may be asked")
        ) { try await ask("127.0.0.2,10.0.0.0/8", "/") }
        #expect(peer.asked.count == 5)
    }
}

import Base
import TestSupport
import Testing

@testable import WebClient

/// Many questions at once, to peers that answer and peers that do not.
@Suite(.timeLimit(.minutes(2))) struct WebFleetTests {
    private static let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    private static func get(_ path: String, within limit: Duration = .seconds(60)) -> WebRequest {
        var request = WebRequest("GET", path)
        request.timeLimit = limit
        request.answerLimit = 1 << 20
        request.redirects = 3
        return request
    }

    /// Asks all at once, and gives back what came of each.
    private static func askAll(
        _ fleet: WebFleet,
        _ requests: [WebRequest],
        of peer: WebPeer
    ) async -> [Result<WebAnswer, WebError>] {
        await withTaskGroup(of: (Int, Result<WebAnswer, WebError>).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask {
                    do throws(WebError) {
                        return (index, .success(try await fleet.ask(request, of: peer)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: Result<WebAnswer, WebError>] = [:]
            for await (index, result) in group { results[index] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    @Test func `many questions go over few connections, which are used again`() async throws {
        let peer = try ScriptedPeer { _ in .answer(Self.fine) }
        let fleet = try WebFleet()
        for _ in 1...3 {
            let answers = await Self.askAll(
                fleet,
                (1...40).map { Self.get("/\($0)") },
                of: WebPeer(.url(peer.url))
            )
            #expect(answers.allSatisfy { (try? $0.get().body) == Array("ok".utf8) })
        }
        #expect(peer.asked.count == 120)
        #expect(Set(peer.asked.map(\.connection)).count <= 8)
        #expect(Set(peer.asked.map(\.line)).count == 40)
    }

    @Test func `a peer that hangs costs those who ask it their time, and nobody else`() async throws {
        let hung = try ScriptedPeer { _ in .silence }
        let well = try ScriptedPeer { _ in .answer(Self.fine) }
        let fleet = try WebFleet()
        let hungURL = hung.url
        async let lost = Self.askAll(
            fleet,
            (1...20).map { Self.get("/\($0)", within: .milliseconds(1_500)) },
            of: WebPeer(.url(hungURL))
        )
        #expect(try await hung.waitUntil { $0.count >= 8 })
        let began = Instant.now
        let answers = await Self.askAll(
            fleet,
            (1...20).map { Self.get("/\($0)") },
            of: WebPeer(.url(well.url))
        )
        #expect(answers.allSatisfy { (try? $0.get().status) == 200 })
        #expect(Instant.now - began < .milliseconds(1_400))
        #expect(await lost.allSatisfy { $0 == .failure(.timeUp("Timeout was reached")) })
        // The others waited for their turn until their time was up, and were never sent.
        #expect(hung.asked.count == 8)
    }

    @Test func `a slow trickle ends with the time, however it goes on`() async throws {
        let fleet = try WebFleet()
        let peer = try ScriptedPeer { _ in
            .pieces(["HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"] + Array(repeating: "x", count: 500)) {
                _ in
                _ = Locked(()).wait(atMost: .milliseconds(5)) { _ in false }
            }
        }
        let began = Instant.now
        await #expect(throws: WebError.timeUp("Timeout was reached")) {
            try await fleet.ask(Self.get("/", within: .milliseconds(200)), of: WebPeer(.url(peer.url)))
        }
        #expect(Instant.now - began < .seconds(2))
    }

    @Test func `a body may be as long as was said, and heads without end are cut off`() async throws {
        let long = String(repeating: "x", count: (1 << 20) + 1)
        let heads = String(repeating: "X-Long: \(String(repeating: "y", count: 1_000))\r\n", count: 5_000)
        let peer = try ScriptedPeer {
            $0.line.contains("/heads")
                ? .last("HTTP/1.1 200 OK\r\n\(heads)Content-Length: 0\r\n\r\n")
                : .last("HTTP/1.1 200 OK\r\nContent-Length: \(long.utf8.count)\r\n\r\n\(long)")
        }
        let fleet = try WebFleet()
        await #expect(throws: WebError.answerTooLong(limit: 1 << 20)) {
            try await fleet.ask(Self.get("/"), of: WebPeer(.url(peer.url)))
        }
        let error = await #expect(throws: WebError.self) {
            try await fleet.ask(Self.get("/heads"), of: WebPeer(.url(peer.url)))
        }
        guard case .failed = error else { throw error ?? .failed("no error") }
    }

    @Test func `patience is counted from when the peer is asked, whoever waited before`() async throws {
        let peer = try ScriptedPeer { asked in
            if asked.line.contains("/slow") { _ = Locked(()).wait(atMost: .milliseconds(100)) { _ in false } }
            return asked.line.contains("/hang") ? .silence : .answer(Self.fine)
        }
        var rules = WebFleet.Rules()
        rules.perHost = 1
        let fleet = try WebFleet(rules)
        var slow = Self.get("/slow")
        slow.patience = .milliseconds(900)
        // The last of them waits for more than a second in all, and is asked all the same.
        let answers = await Self.askAll(fleet, Array(repeating: slow, count: 12), of: WebPeer(.url(peer.url)))
        #expect(answers.allSatisfy { (try? $0.get().status) == 200 })
        var hang = Self.get("/hang")
        hang.patience = .milliseconds(150)
        await #expect(throws: WebError.tooSlow(.milliseconds(150))) {
            try await fleet.ask(hang, of: WebPeer(.url(peer.url)))
        }
        hang = Self.get("/hang", within: .milliseconds(150))
        hang.patience = .seconds(10)
        await #expect(throws: WebError.timeUp("Timeout was reached")) {
            try await fleet.ask(hang, of: WebPeer(.url(peer.url)))
        }
    }

    @Test func `one that is lost on a connection used again keeps nobody from being asked`() async throws {
        let begun = Locked(0)
        let peer = try ScriptedPeer { asked in
            if asked.line.contains("/hang") { return .silence }
            if asked.line.contains("/both") {
                begun.withLock { $0 += 1 }
                begun.announce()
                _ = begun.wait(atMost: .seconds(20)) { $0 == 2 }
            }
            return .answer(Self.fine)
        }
        let place = WebPeer(.url(peer.url))
        let fleet = try WebFleet()
        _ = await Self.askAll(fleet, [Self.get("/both/1"), Self.get("/both/2")], of: place)
        async let hung = Self.askAll(fleet, [Self.get("/hang/1")], of: place)
        #expect(try await peer.waitUntil { $0.count == 3 })
        await #expect(throws: WebError.timeUp("Timeout was reached")) {
            try await fleet.ask(Self.get("/hang/2", within: .milliseconds(300)), of: place)
        }
        #expect(Set(peer.asked.map(\.connection)) == [1, 2])
        #expect(try await fleet.ask(Self.get("/after", within: .seconds(10)), of: place).status == 200)
        fleet.stop()
        #expect(await hung == [.failure(.cancelled)])
    }

    @Test func `who went without is asked first the next time`() async throws {
        let isHung = Locked(true)
        let peer = try ScriptedPeer { asked in
            isHung.withLock { $0 } || asked.line.contains("/gate") ? .silence : .answer(Self.fine)
        }
        let place = WebPeer(.url(peer.url))
        var rules = WebFleet.Rules()
        rules.connections = [try #require(WebURL(peer.url)).origin: 1]
        let fleet = try WebFleet(rules)
        var first = Self.get("/first?left=1", within: .milliseconds(1_500))
        var second = Self.get("/second?left=1", within: .milliseconds(300))
        (first.turn, second.turn) = ("first", "second")
        async let lost = Self.askAll(fleet, [first], of: place)
        #expect(try await peer.waitUntil { $0.count == 1 })
        await #expect(throws: WebError.timeUp("Timeout was reached")) {
            try await fleet.ask(second, of: place)
        }
        #expect(await lost == [.failure(.timeUp("Timeout was reached"))])
        // One that holds the connection until the two of the next round have come.
        async let gate = Self.askAll(fleet, [Self.get("/gate", within: .milliseconds(1_500))], of: place)
        #expect(try await peer.waitUntil { $0.count == 2 })
        isHung.withLock { $0 = false }
        (first.path, second.path) = ("/first?left=2", "/second?left=2")
        (first.timeLimit, second.timeLimit) = (.seconds(60), .seconds(60))
        let answers = await Self.askAll(fleet, [first, second], of: place)
        #expect(answers.allSatisfy { (try? $0.get().status) == 200 })
        #expect(await gate == [.failure(.timeUp("Timeout was reached"))])
        let paths = peer.asked.compactMap { $0.line.split(separator: " ").dropFirst().first.map(String.init) }
        #expect(paths == ["/first?left=1", "/gate", "/second?left=2", "/first?left=2"])
    }

    @Test func `a body that nobody needs is cut`() async throws {
        let peer = try ScriptedPeer { _ in .last("HTTP/1.1 204 OK\r\n\r\n") }
        let long = try ScriptedPeer { _ in
            .answer(
                "HTTP/1.1 418 Tea\r\nContent-Length: 999999999\r\n\r\n"
                    + String(repeating: "x", count: 99_999)
            )
        }
        let fleet = try WebFleet()
        var request = Self.get("/")
        request.answerLimit = 1_000
        request.cutsAnswer = true
        #expect(try await fleet.ask(request, of: WebPeer(.url(long.url))).status == 418)
        #expect(try await fleet.ask(request, of: WebPeer(.url(peer.url))).status == 204)
    }

    @Test func `a peer that was started anew is asked by a new connection`() async throws {
        let peer = try ScriptedPeer { $0.line.contains("/last") ? .last(Self.fine) : .answer(Self.fine) }
        let fleet = try WebFleet()
        for path in ["/one", "/last", "/three"] {
            #expect(try await fleet.ask(Self.get(path), of: WebPeer(.url(peer.url))).status == 200)
        }
        #expect(peer.asked.map(\.connection) == [1, 1, 2])
    }

    @Test func `after a silence none of the older connections is used again`() async throws {
        let isSilent = Locked(false)
        // What was connected before the silence never speaks again, as behind a firewall that forgot it.
        let peer = try ScriptedPeer { asked in
            if asked.line.contains("/hang") { isSilent.withLock { $0 = true } }
            return isSilent.withLock { $0 } && asked.connection <= 8 ? .silence : .answer(Self.fine)
        }
        let fleet = try WebFleet()
        let place = WebPeer(.url(peer.url))
        _ = await Self.askAll(fleet, (1...40).map { Self.get("/\($0)") }, of: place)
        await #expect(throws: WebError.timeUp("Timeout was reached")) {
            try await fleet.ask(Self.get("/hang", within: .milliseconds(200)), of: place)
        }
        let open = Set(peer.asked.map(\.connection)).max() ?? 0
        #expect(try await fleet.ask(Self.get("/after"), of: place).status == 200)
        #expect(peer.asked.last?.connection == open + 1)
    }

    @Test func `who gives up ends the question, and the peer's connection with it`() async throws {
        let peer = try ScriptedPeer { _ in .silence }
        let fleet = try WebFleet()
        let url = peer.url
        let question = Task { () -> WebError? in
            do throws(WebError) {
                _ = try await fleet.ask(Self.get("/"), of: WebPeer(.url(url)))
                return nil
            } catch {
                return error
            }
        }
        #expect(try await peer.waitUntil { $0.count == 1 })
        question.cancel()
        #expect(await question.value == .cancelled)
        #expect(try await peer.waitUntilAlone())
        let late = Task { () -> WebError? in
            _ = await question.value
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(WebError) {
                _ = try await fleet.ask(Self.get("/"), of: WebPeer(.url(url)))
                return nil
            } catch {
                return error
            }
        }
        #expect(await late.value == .cancelled)
    }

    @Test func `a fleet that ends answers everybody`() async throws {
        let peer = try ScriptedPeer { _ in .silence }
        let fleet = try WebFleet()
        let url = peer.url
        async let answers = Self.askAll(fleet, (1...12).map { Self.get("/\($0)") }, of: WebPeer(.url(url)))
        #expect(try await peer.waitUntil { $0.count == 8 })
        fleet.stop()
        #expect(await answers == Array(repeating: .failure(.cancelled), count: 12))
        #expect(try await peer.waitUntilAlone())
        await #expect(throws: WebError.cancelled) {
            try await fleet.ask(Self.get("/"), of: WebPeer(.url(url)))
        }
    }

    @Test func `nobody there, and a name that leads nowhere, are errors that say so`() async throws {
        let fleet = try WebFleet()
        let (raw, port) = try Listening.socket()
        Listening.close(raw)
        await #expect(throws: WebError.failed("Couldn't connect to server")) {
            try await fleet.ask(Self.get("/"), of: WebPeer(.url("http://127.0.0.1:\(port)")))
        }
        await #expect(throws: WebError.failed("Couldn't resolve host name")) {
            try await fleet.ask(Self.get("/"), of: WebPeer(.url("http://nowhere.invalid")))
        }
        await #expect(throws: WebError.unusable("a URL that HTTP cannot carry")) {
            try await fleet.ask(Self.get("/"), of: WebPeer(.url("file:///etc")))
        }
    }

    @Test func `who asks proves it by a password or a signature with its token`() async throws {
        let peer = try ScriptedPeer { _ in .answer(Self.fine) }
        let fleet = try WebFleet()
        let basic = WebPeer.Proof.basic(user: "u", password: Secret(text: "p:w"))
        _ = try await fleet.ask(Self.get("/"), of: WebPeer(.url(peer.url), proof: basic))
        let signature = WebPeer.Proof.signature(
            keyID: "AKIDEXAMPLE",
            secret: Secret(text: "s3cret"),
            token: Secret(text: "t0ken"),
            region: "eu-west-1",
            service: "monitoring"
        )
        _ = try await fleet.ask(
            WebRequest("POST", "/", body: Array("{}".utf8)),
            of: WebPeer(.url(peer.url), proof: signature)
        )
        #expect(peer.asked[0].header("Authorization") == "Basic dTpwOnc=")
        let signed = try #require(peer.asked[1].header("Authorization"))
        #expect(signed.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"))
        #expect(signed.contains("/eu-west-1/monitoring/aws4_request"))
        #expect(signed.contains("x-amz-security-token"))
        #expect(peer.asked[1].header("X-Amz-Security-Token") == "t0ken")
        #expect(!peer.asked[1].headers.joined().contains("s3cret"))
    }
}

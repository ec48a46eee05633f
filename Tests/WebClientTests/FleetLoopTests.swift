import Base
import TestSupport
import Testing

@testable import WebClient

/// A fleet's thread that is held up, as by a machine that stands still, and what it says of peers then; the test takes its steps.
@Suite(.timeLimit(.minutes(2))) struct FleetLoopTests {
    private static let patience = Duration.milliseconds(500)

    /// A fleet without its thread, and with a clock that only the test moves.
    private struct Stage {
        let clock = Locked(Instant(nanoseconds: 1_000_000_000_000))
        let inbox: FleetInbox
        let loop: FleetLoop

        init() throws {
            let clock = clock
            var rules = WebFleet.Rules()
            rules.clock = Clock(now: { clock.withLock { $0 } }, wall: { .now })
            inbox = try FleetInbox()
            loop = try #require(FleetLoop(inbox, rules))
        }

        func ask(_ url: String) async throws -> Task<FleetInbox.Answer, Never> {
            var request = WebRequest("GET", "/")
            request.patience = FleetLoopTests.patience
            let url = try #require(WebURL(url))
            let (inbox, clock, sent) = (inbox, clock, AsyncStream<Void>.makeStream())
            let task = Task { [request] in
                await withCheckedContinuation { answer in
                    let order = FleetInbox.Order(
                        id: inbox.nextID(),
                        url: url,
                        request: request,
                        proof: .none,
                        deadline: clock.withLock { $0 } + .seconds(60),
                        answer: answer
                    )
                    _ = inbox.send(.ask(order))
                    sent.continuation.finish()
                }
            }
            // A step before that would have nothing to do, and keep the thread for long.
            for await _ in sent.stream {}
            return task
        }

        /// Looks once, after as much time.
        func step(after pause: Duration = .zero) {
            clock.withLock { $0 = $0 + pause }
            _ = loop.step()
        }

        func step(until isReady: () -> Bool) async {
            while !isReady() {
                step()
                // Who asks is a task, and wants a thread too.
                await Task.yield()
            }
        }

        /// Looks again and again until nobody waits for an answer, each time a moment later.
        func stepToTheEnd(pace: Duration = .milliseconds(40)) {
            while !loop.orders.isEmpty { step(after: pace) }
        }
    }

    private static func text(_ answer: FleetInbox.Answer) -> String {
        switch answer {
        case .answered(let answer, _, _): "\(answer.status)"
        case .failed(.tooSlow(let limit)): "too slow: \(limit)"
        case .failed(.timeUp): "time up"
        case .failed(let error): error.description
        }
    }

    @Test func `what came while the thread stood still is an answer, though its time is over`() async throws {
        let isHeldUp = Locked(false)
        let peer = try ScriptedPeer { _ in
            _ = isHeldUp.wait(atMost: .seconds(20)) { $0 }
            return .last("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let stage = try Stage()
        let answer = try await stage.ask(peer.url)
        await stage.step { !peer.asked.isEmpty }
        isHeldUp.withLock { $0 = true }
        isHeldUp.announce()
        // From here on nobody looks, until all of it is in our own socket.
        #expect(try await peer.waitUntilAlone())
        stage.step(after: .seconds(1))
        stage.stepToTheEnd()
        #expect(Self.text(await answer.value) == "200")
    }

    @Test(arguments: [
        ("nothing", Duration.zero, "too slow: 0.5 seconds"),
        ("less than would matter", .milliseconds(100), "too slow: 0.5 seconds"),
        ("until its time was over", .seconds(1), "time up"),
        ("in the midst of it", .milliseconds(300), "time up"),
    ])
    func `no peer was too slow while the thread was held up itself`(
        _ name: String,
        _ pause: Duration,
        _ expected: String
    ) async throws {
        let peer = try ScriptedPeer { _ in .silence }
        let stage = try Stage()
        let answer = try await stage.ask(peer.url)
        await stage.step { !peer.asked.isEmpty }
        stage.step(after: pause)
        stage.stepToTheEnd()
        #expect(Self.text(await answer.value) == expected)
    }

    @Test func `a thread that had nothing to do was not held up`() async throws {
        let peer = try ScriptedPeer { _ in .silence }
        let stage = try Stage()
        stage.clock.withLock { $0 = $0 + .seconds(30) }
        let answer = try await stage.ask(peer.url)
        await stage.step { !peer.asked.isEmpty }
        stage.stepToTheEnd()
        #expect(Self.text(await answer.value) == "too slow: 0.5 seconds")
    }

    @Test func `a peer that could not be asked was not too slow`() async throws {
        // It takes the connection, and never comes to the end of TLS's greetings.
        let peer = try ScriptedPeer { _ in .silence }
        let stage = try Stage()
        let answer = try await stage.ask("https://127.0.0.1:\(peer.port)")
        await stage.step { !stage.loop.orders.isEmpty }
        stage.stepToTheEnd()
        #expect(Self.text(await answer.value) == "No connection within 500 ms")
    }
}

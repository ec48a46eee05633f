import Base
import FaultClient
import Glibc
import TestSupport
import Testing

/// An injector that keeps to its half of the agreement, and a server that may die.
@Suite(.timeLimit(.minutes(3))) struct InjectorTests {
    private static let path = "/v1/faults/checkout?instance=one&wait=1"

    /// Polls once over the control socket.
    private func poll(_ injector: inout Injector, _ server: Server) throws {
        let poll = injector.pollBegins(at: .now)
        let client = try RawClient(path: server.folder + "/control.sock", timeLimit: .seconds(20))
        let named = poll.named.map { "If-None-Match: \"\($0)\"\r\n" } ?? ""
        try client.send("GET \(Self.path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(named)\r\n")
        guard let response = try client.response() else { throw Trouble("no answer to a poll") }
        let headers = response.headers.map { (name: $0.key, value: $0.value) }
        let answer = try PollAnswer(
            status: response.status,
            headers: headers,
            body: response.body,
            named: poll.named
        )
        injector.pollEnds(poll, answer, at: .now)
    }

    @Test func `a fault is there when its start is answered, gone when its stop is, and outlives no server`()
        async throws
    {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let server = try await place.start(["--database-url", url, "--lease", "3"])
                _ = try server.port()
                let (way, drill) = (CrashMatrixTests.ways[1], RunDrill(server))
                let template = try drill.prepare(way)
                var injector = Injector(target: RunDrill.function, actions: ["aws:lambda:invocation-error"])
                try poll(&injector, server)
                #expect(injector.active(at: .now) == [] && injector.version != nil)

                let run = try #require(drill.start(way, template, token: "first"))
                try poll(&injector, server)
                #expect(injector.active(at: .now).map(\.id) == ["\(run)/Fail"])
                _ = try drill.ask("DELETE", "/experiments/\(run)")
                try poll(&injector, server)
                #expect(injector.active(at: .now) == [])

                _ = try #require(drill.start(way, template, token: "second"))
                try poll(&injector, server)
                #expect(injector.active(at: .now).count == 1)
                try server.process.signal(SIGKILL)
                let died = Instant.now
                let isOff = await holds(within: .seconds(10)) { injector.active(at: .now) == [] }
                #expect(
                    isOff && Instant.now - died < .seconds(3.5),
                    "a lease of 3 s, and how often was looked"
                )
            }
        }
    }
}

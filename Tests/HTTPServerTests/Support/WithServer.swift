import Base
import Glibc
import HTTPServer
import Testing

/// Runs a test against a live server of its own, and stops it afterwards.
func withServer(
    loops: Int = 1,
    limits: Limits = Limits(),
    controlPath: String? = nil,
    clock: Clock = .system,
    _ body: (HTTPServer) async throws -> Void
) async throws {
    let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
    var configuration = HTTPServer.Configuration(address: address, controlPath: controlPath, loops: loops)
    configuration.limits = limits
    configuration.clock = clock
    let server = try HTTPServer.start(configuration, responder: TestResponder(), log: Logger(sink: NoLog()))
    do {
        try await body(server)
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}

/// Waits until `condition` holds, looking again after every pause; false when the limit is reached first.
func eventually(within limit: Duration = .seconds(10), _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Instant.now + limit
    while try !condition() {
        if Instant.now > end { return false }
        sched_yield()
    }
    return true
}

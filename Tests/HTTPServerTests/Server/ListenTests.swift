import Base
import CLinux
import Glibc
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct ListenTests {
    @Test(arguments: [1, 2])
    func `a port where another server listens is refused`(loops: Int) async throws {
        try await withServer { test in
            var configuration = HTTPServer.Configuration(address: test.server.address, loops: loops)
            configuration.limits = Limits()
            #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) {
                _ = try HTTPServer.start(configuration, responder: test.responder, log: Logger(sink: NoLog()))
            }
            let client = try test.connect(sending: Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `two loops share the connections of one port`() async throws {
        try await withServer(loops: 2) { test in
            // All on one loop would be one chance in 2 to the 63.
            let clients = try (0..<64).map { _ in try test.connect(sending: Text.hello) }
            for client in clients { #expect(try client.response()?.text == "hello") }
            let accepted = test.server.counts.map(\.accepted)
            #expect(accepted.count == 2 && accepted.allSatisfy { $0 > 0 } && accepted.reduce(0, +) == 64)
        }
    }

    @Test func `an IPv6 address is listened on, and its peers are named`() async throws {
        let address = try #require(SocketAddress("[::1]:0"))
        let server = try HTTPServer.start(
            HTTPServer.Configuration(address: address, loops: 2),
            responder: TestResponder(),
            log: Logger(sink: NoLog())
        )
        #expect(server.address.description.hasPrefix("[::1]:"))
        #expect(server.address.port != 0)
        await server.stop(within: .zero)
    }
}

@Suite struct ControlSocketTests {
    /// A path of its own, short enough for a socket.
    private final class Place: Sendable {
        let path: String

        init() { path = "/tmp/fp-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock" }

        deinit { unlink(path) }

        var mode: mode_t? {
            var status = stat()
            return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
        }
    }

    @Test func `the operator's socket is served, and open to its owner alone`() async throws {
        let place = Place()
        try await withServer(controlPath: place.path) { test in
            #expect(place.mode == 0o600)
            let client = try RawClient(path: place.path)
            try client.send(Text.hello)
            #expect(try client.response()?.text == "hello")
            #expect(test.server.counts.map(\.accepted) == [0, 1])
        }
    }

    @Test func `the operator is served while the cap keeps others out`() async throws {
        let place = Place()
        var limits = Limits()
        limits.connections = 1
        limits.reserve = 0
        try await withServer(limits: limits, controlPath: place.path) { test in
            let first = try test.connect(sending: Text.hello)
            #expect(try first.response()?.text == "hello")
            let waiting = try test.connect(sending: Text.hello)
            test.settle()
            let operatorClient = try RawClient(path: place.path)
            try operatorClient.send(Text.hello)
            #expect(try operatorClient.response()?.text == "hello")
            #expect(test.server.counts.map(\.open) == [1, 1])
            waiting.reset()
        }
    }

    @Test func `what a dead server left is replaced`() async throws {
        let place = Place()
        do { _ = try Listener.control(path: place.path) }
        #expect(place.mode == 0o600)
        try await withServer(controlPath: place.path) { _ in
            let client = try RawClient(path: place.path)
            try client.send(Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `a living server's socket is left to it`() async throws {
        let place = Place()
        try await withServer(controlPath: place.path) { _ in
            #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) {
                _ = try Listener.control(path: place.path)
            }
            let client = try RawClient(path: place.path)
            try client.send(Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `a living server that is too busy to accept keeps its socket too`() throws {
        let place = Place()
        let busy = try Listener.control(path: place.path)
        var waiting: [RawClient] = []
        // Past the queue of 128 a connection that cannot wait is told so.
        for _ in 0..<129 { waiting.append(try RawClient(path: place.path)) }
        #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) {
            _ = try Listener.control(path: place.path)
        }
        #expect(place.mode == 0o600)
        busy.close()
    }

    @Test func `a file that is no socket is left alone`() throws {
        let place = Place()
        try Files.replace(place.path, with: [1, 2, 3])
        #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) {
            _ = try Listener.control(path: place.path)
        }
        #expect(try Files.read(place.path) == [1, 2, 3])
    }

    @Test func `a path that is too long is refused as such`() {
        #expect(throws: SystemError(call: "bind", code: ENAMETOOLONG)) {
            _ = try Listener.control(path: "/tmp/" + String(repeating: "a", count: 108))
        }
    }
}

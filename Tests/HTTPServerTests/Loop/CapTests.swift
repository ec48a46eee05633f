import Base
import CLinux
import Glibc
import Testing
import TestSupport

@testable import HTTPServer

@Suite struct CapTests {
    private static let known = "X-Known: yes\r\n"

    private var limits: Limits {
        var limits = Limits()
        limits.connections = 2
        limits.reserve = 2
        return limits
    }

    @Test func `over the cap the oldest parked request gives way to somebody known`() async throws {
        try await withServer(limits: limits) { test in
            let oldest = try test.connect(sending: Text.get("/park/1"))
            #expect(test.eventually { test.parked == 1 })
            let younger = try test.connect(sending: Text.get("/park/2"))
            #expect(test.eventually { test.parked == 2 })
            let newcomer = try test.connect(sending: Text.get("/hello", Self.known))
            let answer = try newcomer.response()
            #expect(answer?.text == "hello")
            #expect(answer?.headers["connection"] == nil)
            let yielded = try oldest.response()
            #expect(yielded?.text == "yielding 1")
            #expect(yielded?.headers["connection"] == "close")
            #expect(try oldest.isClosedByPeer())
            #expect(test.parked == 1)
            #expect(test.server.counts.map(\.yielded) == [1])
            try newcomer.send(Text.hello)
            #expect(try newcomer.response()?.text == "hello")
            test.server.wake(2)
            #expect(try younger.response()?.text == "woken 2")
        }
    }

    @Test func `somebody known stays although nobody is parked`() async throws {
        try await withServer(limits: limits) { test in
            let here = try (0..<2).map { _ in try test.connect(sending: Text.hello) }
            for client in here { #expect(try client.response()?.text == "hello") }
            let newcomer = try test.connect(sending: Text.get("/park/1", Self.known))
            #expect(test.eventually { test.parked == 1 })
            test.server.wake(1)
            #expect(try newcomer.response()?.text == "woken 1")
            try newcomer.send(Text.hello)
            #expect(try newcomer.response()?.text == "hello")
        }
    }

    @Test(arguments: [
        (Text.hello, 200, "hello"), (Text.post("/slow-echo", "one"), 200, "one"),
        (Text.post("/secret", "x"), 403, "no"), ("nonsense\r\n", 400, "malformedRequestLine"),
    ])
    func `over the cap nobody unknown stays after the first answer`(
        request: String,
        status: Int,
        text: String
    ) async throws {
        try await withServer(limits: limits) { test in
            let parked = try (1...2).map { try test.connect(sending: Text.get("/park/\($0)")) }
            #expect(test.eventually { test.parked == 2 })
            let newcomer = try test.connect(sending: request + Text.hello)
            let answer = try newcomer.response()
            #expect(answer?.status == status)
            #expect(answer?.text == text)
            #expect(try newcomer.isClosedByPeer())
            #expect(test.parked == 2)
            test.server.wakeAll()
            for (index, client) in parked.enumerated() {
                #expect(try client.response()?.text == "woken \(index + 1)")
            }
        }
    }

    @Test func `over the cap a refusal on the head alone ends the connection too`() async throws {
        try await withServer(limits: limits) { test in
            let here = try (0..<2).map { _ in try test.connect(sending: Text.hello) }
            for client in here { #expect(try client.response()?.text == "hello") }
            let newcomer = try test.connect(sending: Text.get("/secret") + Text.hello)
            let answer = try newcomer.response()
            #expect(answer?.status == 403)
            #expect(answer?.headers["connection"] == "close")
            #expect(try newcomer.isClosedByPeer())
            // Under the cap the same refusal ends nothing.
            try here[0].send(Text.get("/secret") + Text.hello)
            #expect(try here[0].response()?.status == 403)
            #expect(try here[0].response()?.text == "hello")
        }
    }

    @Test func `over the cap a connection has two seconds to say who it is`() async throws {
        try await withServer(limits: limits, movesClock: true) { test in
            let here = try (0..<3).map { _ in try test.connect() }
            #expect(test.eventually { test.open == 3 })
            test.advance(by: .milliseconds(1_900))
            #expect(test.open == 3)
            test.advance(by: .milliseconds(200))
            #expect(test.open == 2)
            #expect(try here[2].isClosedByPeer())
        }
    }

    @Test func `beyond the reserve a connection waits until another closes`() async throws {
        try await withServer(limits: limits) { test in
            var here = try (0..<4).map { _ in try test.connect() }
            #expect(test.eventually { test.open == 4 })
            let waiting = try test.connect(sending: Text.get("/hello", Self.known))
            test.settle()
            #expect(test.accepted == 4)
            here.removeFirst()
            #expect(try waiting.response()?.text == "hello")
            #expect(test.accepted == 5 && test.open == 4)
        }
    }

    @Test func `a loop that was resumed when there was no room is not forgotten`() async throws {
        var limits = limits
        limits.reserve = 0
        limits.connections = 1
        try await withServer(loops: 2, limits: limits) { test in
            let (first, second) = (test.server.loops[0], test.server.loops[1])
            // The place is freed and taken again before the other loop looks.
            _ = test.ask(0) { _ in first.budget.open() }
            _ = test.ask(1) { $0.pauseAccepting() }
            _ = test.ask(0) { _ in
                first.budget.close()
                _ = first.budget.open()
            }
            test.settle()
            #expect(test.ask(1) { $0.isAccepting } == false)
            _ = test.ask(0) { _ in first.budget.close() }
            test.settle()
            #expect(test.ask(1) { $0.isAccepting } == true)
            _ = second
        }
    }

    @Test func `a loop that pauses just as the last connection closes does not wait for another`()
        async throws
    {
        try await withServer(limits: limits) { test in
            _ = test.ask { loop in
                loop.pauseAccepting()
                loop.resumeAccepting()
            }
            let client = try test.connect(sending: Text.hello)
            #expect(try client.response()?.text == "hello")
        }
    }

    @Test func `out of descriptors it serves who is there, and accepts again when there are some`() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 200, rlim_max: 200)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            try await withServer { test in
                let first = try test.connect(sending: Text.hello)
                #expect(try first.response()?.text == "hello")
                var leaving: RawClient? = try test.connect(sending: Text.hello)
                #expect(try leaving?.response()?.text == "hello")
                // One descriptor is left: enough for the client's end, not for the server's.
                var fillers: [FileDescriptorBox] = []
                while let filler = try? FileDescriptorBox() { fillers.append(filler) }
                fillers.removeLast()
                let waiting = try test.connect(sending: Text.hello)
                #expect(test.eventually { test.server.counts[0].acceptFailures > 0 })
                try first.send(Text.hello)
                #expect(try first.response()?.text == "hello")
                #expect(test.open == 2)
                leaving = nil
                #expect(try waiting.response()?.text == "hello")
                // What frees a descriptor need not be a connection.
                let before = test.server.counts[0].acceptFailures
                let another = try test.connect(sending: Text.hello)
                #expect(test.eventually { test.server.counts[0].acceptFailures > before })
                fillers.removeLast()
                #expect(try another.response()?.text == "hello")
            }
        }
    }
}

/// An open file that takes a descriptor.
final class FileDescriptorBox: Sendable {
    private let descriptor: FileDescriptor

    init() throws(SystemError) { descriptor = try FileDescriptor.open("/dev/null", O_RDONLY) }
}

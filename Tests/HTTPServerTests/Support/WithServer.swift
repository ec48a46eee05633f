import Base
import Glibc
import Testing
import TestSupport

@testable import HTTPServer

/// A live server with what its test needs to see and to move.
final class TestServer: Sendable {
    let server: HTTPServer
    let responder: TestResponder
    let clock: TestClock
    let log: MemoryLog

    init(_ configuration: HTTPServer.Configuration, _ clock: TestClock, _ log: MemoryLog) throws {
        responder = try TestResponder()
        server = try HTTPServer.start(configuration, responder: responder, log: Logger(sink: log))
        self.clock = clock
        self.log = log
    }

    var port: UInt16 { server.address.port }
    var open: Int { server.counts.map(\.open).reduce(0, +) }
    var parked: Int { server.counts.map(\.parked).reduce(0, +) }
    var accepted: Int { server.counts.map(\.accepted).reduce(0, +) }

    func connect() throws -> RawClient { try RawClient(port: port, timeLimit: .seconds(30)) }

    /// Connects, sends `text`, and hands the connection on.
    func connect(sending text: String) throws -> RawClient {
        let client = try connect()
        try client.send(text)
        return client
    }

    /// Returns when every loop has looked at all that had reached it before this call.
    ///
    /// An action handed in runs in the turn that finds it; by the third one a whole turn lies between.
    func settle() {
        for _ in 0..<3 { turn() }
    }

    /// Moves the clock, and lets the loops notice.
    func advance(by time: Duration) {
        settle()
        clock.advance(by: time)
        settle()
    }

    /// Waits, turn of the loops by turn, until `condition` holds; false when the limit is reached first.
    func eventually(within limit: Duration = .seconds(20), _ condition: () throws -> Bool) rethrows -> Bool {
        let end = Instant.now + limit
        while try !condition() {
            if Instant.now > end { return false }
            turn()
        }
        return true
    }

    /// The same while the loops are held: gives the processor away instead.
    func eventuallyWithoutLoops(
        within limit: Duration = .seconds(20),
        _ condition: () throws -> Bool
    ) rethrows -> Bool {
        let end = Instant.now + limit
        while try !condition() {
            if Instant.now > end { return false }
            sched_yield()
        }
        return true
    }

    /// Asks one loop something on its own thread; nil where it has ended.
    func ask<Answer: Sendable>(
        _ loop: Int = 0,
        _ question: @escaping @Sendable (EventLoop) -> Answer
    ) -> Answer? {
        let answer = Locked<Answer?>(nil)
        let isThere = server.allLoops[loop].later { loop in
            let found = question(loop)
            answer.withLock { $0 = found }
            answer.announce()
        }
        if isThere { _ = answer.wait(atMost: .seconds(20)) { $0 != nil } }
        return answer.withLock { $0 }
    }

    /// Stops the server from elsewhere, once it has begun; the gate opens when it has stopped.
    func stopping(within limit: Duration, spread: Duration = .seconds(1)) -> Gate {
        let stopped = Gate()
        let before = waitingForEnd()
        // Not on the shared pool, which tests that only compute may fill for a while.
        let worker = try? WorkerThread(name: "stop")
        Task.detached(executorPreference: worker) {
            await self.server.stop(within: limit, spread: spread)
            stopped.open()
            worker?.stop()
        }
        _ = eventually { zip(before, waitingForEnd()).allSatisfy { $1 < 0 || $1 > $0 } }
        return stopped
    }

    /// How many wait for each loop's end; -1 where it has come.
    private func waitingForEnd() -> [Int] {
        server.allLoops.indices.map { index in ask(index) { $0.whenDrained?.count ?? -1 } ?? -1 }
    }

    private func turn() {
        let left = Locked(server.allLoops.count)
        for loop in server.allLoops {
            let isThere = loop.later { _ in
                left.withLock { $0 -= 1 }
                left.announce()
            }
            if !isThere { left.withLock { $0 -= 1 } }
        }
        _ = left.wait(atMost: .seconds(20)) { $0 == 0 }
    }
}

/// Runs a test against a live server of its own, and stops it afterwards.
///
/// The body has a thread to itself: it may block on its connections without keeping other tests from running.
func withServer(
    loops: Int = 1,
    limits: Limits = Limits(),
    controlPath: String? = nil,
    movesClock: Bool = false,
    _ body: (TestServer) async throws -> Void
) async throws {
    let address = try #require(SocketAddress(host: "127.0.0.1", port: 0))
    let clock = TestClock()
    var configuration = HTTPServer.Configuration(address: address, controlPath: controlPath, loops: loops)
    configuration.limits = limits
    if movesClock { configuration.clock = clock.clock }
    let test = try TestServer(configuration, clock, MemoryLog())
    let outcome = await onOwnThread { () async -> Result<Void, any Error> in
        do {
            return .success(try await body(test))
        } catch {
            return .failure(error)
        }
    }
    await test.server.stop(within: .zero)
    try outcome.get()
}

/// Runs what blocks on a thread of its own, with the task's context.
func onOwnThread<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    guard let worker = try? WorkerThread(name: "test") else { return try await body() }
    defer { worker.stop() }
    return try await withTaskExecutorPreference(worker) { try await body() }
}

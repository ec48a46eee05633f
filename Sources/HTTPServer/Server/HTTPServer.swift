package import Base
import CLinux
import Glibc

/// The whole server: its loops, its listeners, and the few things the rest of the process asks of them.
package final class HTTPServer: Sendable {
    /// What to listen on and with how many threads.
    package struct Configuration: Sendable {
        package var address: SocketAddress
        /// Where the machine's operator connects without a key; nil for none.
        package var controlPath: String?
        package var loops: Int
        package var limits = Limits()
        package var clock = Clock.system

        package init(
            address: SocketAddress,
            controlPath: String? = nil,
            loops: Int = HTTPServer.processorCount
        ) {
            self.address = address
            self.controlPath = controlPath
            self.loops = max(1, loops)
        }
    }

    /// Where the server really listens; with port 0 the kernel chose one.
    package let address: SocketAddress
    /// Those of the network; the control socket's is the last of `allLoops`.
    let loops: [EventLoop]
    let allLoops: [EventLoop]
    let control: EventLoop?
    private let clock: Clock

    private init(address: SocketAddress, loops: [EventLoop], control: EventLoop?, clock: Clock) {
        self.address = address
        self.loops = loops
        allLoops = loops + (control.map { [$0] } ?? [])
        self.control = control
        self.clock = clock
    }

    /// Binds, and starts serving.
    ///
    /// `log` hears of what no request can be told.
    package static func start(
        _ configuration: Configuration,
        responder: any Responder,
        log: Logger
    ) throws(SystemError) -> HTTPServer {
        let limits = configuration.limits.fitting(descriptors: Descriptors.raiseLimit())
        try Sockets.requireFree(configuration.address)
        let budget = ConnectionBudget(limit: limits.connections, reserve: limits.reserve) { error in
            log.error("event loop failed", .field("error", error))
        }
        let clock = configuration.clock
        var address = configuration.address
        var loops: [EventLoop] = []
        for index in 0..<configuration.loops {
            let listener = try Listener.network(address)
            if address.port == 0 {
                address = address.with(port: try Sockets.port(of: listener.raw)) ?? address
            }
            let loop = try EventLoop(
                index: index,
                responder: responder,
                limits: limits,
                budget: budget,
                clock: clock
            )
            loop.listeners = [listener]
            loops.append(loop)
        }
        budget.attach(loops)
        let control = try configuration.controlPath.map { path throws(SystemError) in
            try Self.control(path, index: loops.count, responder, limits, clock, log)
        }
        for loop in loops { try loop.start(name: "http-\(loop.index)") }
        try control?.start(name: "http-control")
        return HTTPServer(address: address, loops: loops, control: control, clock: clock)
    }

    /// The operator's socket has a loop and a budget of its own: whatever happens on the network, it answers.
    private static func control(
        _ path: String,
        index: Int,
        _ responder: any Responder,
        _ limits: Limits,
        _ clock: Clock,
        _ log: Logger
    ) throws(SystemError) -> EventLoop {
        let budget = ConnectionBudget(limit: Descriptors.controlShare, reserve: 0) { error in
            log.error("control loop failed", .field("error", error))
        }
        let loop = try EventLoop(
            index: index,
            responder: responder,
            limits: limits,
            budget: budget,
            clock: clock
        )
        loop.listeners = [try Listener.control(path: path)]
        budget.attach([loop])
        return loop
    }

    /// Answers whoever waits for `key`, on every loop.
    package func wake(_ key: UInt64) {
        for loop in allLoops { loop.wake(key) }
    }

    /// Answers everybody who waits.
    package func wakeAll() {
        for loop in allLoops { loop.wake(nil) }
    }

    /// What each loop counts.
    package var counts: [LoopSnapshot] { allLoops.map(\.metrics.snapshot) }

    /// Stops: no new connections, the parked are sent home over `spread`, what is in flight may finish until `limit`.
    package func stop(within limit: Duration, spread: Duration = .seconds(1)) async {
        let draining = Draining(until: clock.now() + limit, spread: min(spread, limit / 2))
        await withTaskGroup(of: Void.self) { group in
            for loop in allLoops {
                group.addTask {
                    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
                        let isThere = loop.later { $0.drain(draining) { done.resume() } }
                        if !isThere { done.resume() }
                    }
                }
            }
        }
    }

    /// The processors this process may use.
    package static var processorCount: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }
}

import Base
import CLinux
import Glibc

/// One thread, one epoll, and the connections that fell to it.
///
/// Everything not marked otherwise belongs to the loop's thread and is touched by no other; the rest of the process
/// reaches it through the inbox. As a task executor it also runs the tasks of its own requests, so a handler that waits
/// for the database comes back to the thread that owns its connection.
final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// What other threads hand in.
    struct Inbox: Sendable {
        var jobs: [UnownedJob] = []
        var actions: [@Sendable (EventLoop) -> Void] = []
        var wakes: [UInt64?] = []
        var isRaised = false
        /// The thread has ended; nobody would take anything out.
        var isClosed = false

        /// Forgets what was handed in, and keeps the memory it took.
        mutating func empty() {
            jobs.removeAll(keepingCapacity: true)
            actions.removeAll(keepingCapacity: true)
            wakes.removeAll(keepingCapacity: true)
            isRaised = false
        }
    }

    /// A key, or all, being woken bit by bit.
    struct Waking {
        let key: UInt64?
        let horizon: UInt64
    }

    /// How many parked requests are answered before the loop looks at its other connections again.
    ///
    /// About half a millisecond's work: others are kept waiting for no longer, and the rounds between cost next to nothing.
    static let wakeSlice = 64
    /// How often one connection is read from before the loop looks at the others.
    static let readSlice = 8

    let index: Int
    let responder: any Responder
    let limits: Limits
    /// The idle time once more, as every answered request needs it.
    let idleNanoseconds: Int64
    let clock: Clock
    let budget: ConnectionBudget
    let metrics = LoopMetrics()
    let poller: Poller
    let parser: HeadParser
    private let inbox = Locked(Inbox())
    private var spareInbox = Inbox()
    let flag: EventFlag
    private let thread = Locked<pthread_t?>(nil)

    var listeners: [Listener] = []
    var isAccepting = true
    var connections = ConnectionTable()
    var parking = ParkingLot()
    var wheel: TimerWheel
    var wakings: [Waking] = []
    /// Connections with more to read than one turn allows, by descriptor and generation.
    var postponed: [(raw: CInt, generation: UInt32)] = []
    var requestIDs = RequestIDSource()
    var generation: UInt32 = 0
    var now: Instant
    var head = RequestHead()
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    var writer = ResponseWriter()
    /// The generation of the connection whose answers the writer holds.
    var outputOwner: UInt32 = 0
    var draining: Draining?
    /// Those who wait for the loop's end; nil once it has come.
    var whenDrained: [@Sendable () -> Void]? = []
    /// Handlers that have not returned yet.
    var tasks = 0
    private var isFinished = false
    private var dateSecond: Int64 = -1
    private var nextDate = Instant(nanoseconds: .min)

    init(
        index: Int,
        responder: any Responder,
        limits: Limits,
        budget: ConnectionBudget,
        clock: Clock
    )
        throws(SystemError)
    {
        self.index = index
        self.responder = responder
        self.limits = limits
        idleNanoseconds = limits.idleTime.nanoseconds
        self.clock = clock
        self.budget = budget
        parser = HeadParser(limits: limits)
        poller = try Poller()
        flag = try EventFlag()
        now = clock.now()
        wheel = TimerWheel(now: now)
    }

    /// Starts the thread; the loop keeps itself alive until it is drained.
    func start(name: String) throws(SystemError) {
        try poller.addReadable(flag.raw)
        for listener in listeners { try poller.addReadable(listener.raw) }
        try Thread.start(name: name) { self.run() }
    }

    // MARK: What other threads may call

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        hand { $0.jobs.append(job) }
    }

    /// Runs `action` on the loop's thread, at once where this is it.
    func perform(_ action: @escaping @Sendable (EventLoop) -> Void) {
        if isCurrent { action(self) } else { later(action) }
    }

    /// Runs `action` on the loop's thread, after what it is doing now; false where the loop has ended.
    @discardableResult
    func later(_ action: @escaping @Sendable (EventLoop) -> Void) -> Bool {
        hand { $0.actions.append(action) }
    }

    /// Wakes whoever waits for `key`; nil wakes everybody.
    func wake(_ key: UInt64?) { hand { $0.wakes.append(key) } }

    var isCurrent: Bool { thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false } }

    @discardableResult
    private func hand(_ change: (inout Inbox) -> Void) -> Bool {
        let (isTaken, mustRaise) = inbox.withLock { inbox in
            if inbox.isClosed { return (false, false) }
            change(&inbox)
            defer { inbox.isRaised = true }
            return (true, !inbox.isRaised)
        }
        if mustRaise { flag.raise() }
        return isTaken
    }

    // MARK: The thread

    private func run() {
        thread.withLock { $0 = pthread_self() }
        // Since `init` any time may have passed.
        refreshTime()
        while !isFinished { turn() }
        for listener in listeners { listener.close() }
        listeners = []
        // What was handed in up to here still runs; what comes later is told that the loop has ended.
        let last = inbox.withLock { inbox in
            defer { inbox = Inbox(isClosed: true) }
            return inbox
        }
        thread.withLock { $0 = nil }
        for action in last.actions { action(self) }
        announceDrained()
    }

    /// Waits for something to happen, and deals with all of it.
    private func turn() {
        let waiting = postponed
        postponed = []
        let timeout = wakings.isEmpty && waiting.isEmpty ? wheel.timeout(now: now) : 0
        var started: Instant?
        do {
            try poller.wait(timeout: timeout) { event in
                if started == nil { started = refreshTime() }
                handle(event)
            }
        } catch {
            // Nothing but a bug makes epoll_wait fail; without it the loop serves nobody, so it ends and says so.
            budget.loopFailed(error)
            isFinished = true
            return
        }
        let turnStart = started ?? refreshTime()
        for (raw, generation) in waiting { takeUp(raw, generation) }
        emptyInbox()
        wakeSlice()
        for entry in wheel.takeExpired(now) { expire(entry) }
        if let draining { continueDraining(draining) }
        now = clock.now()
        metrics.lag.record(now.nanoseconds - turnStart.nanoseconds)
    }

    /// Reads the clock, and now and then the calendar: an answer's date is a tenth of a second old at most.
    @discardableResult
    private func refreshTime() -> Instant {
        now = clock.now()
        if now < nextDate { return now }
        nextDate = now + .milliseconds(100)
        let second = clock.wall().nanoseconds / 1_000_000_000
        if second != dateSecond {
            dateSecond = second
            writer.setDate(CalendarTime(Timestamp(nanoseconds: second * 1_000_000_000)).httpDate)
        }
        return now
    }

    private func handle(_ event: Poller.Event) {
        let raw = CInt(truncatingIfNeeded: event.descriptor)
        if event.generation != 0 {
            // An event for a connection that was closed earlier in this turn finds another generation, or nobody.
            guard let connection = connections.find(raw, generation: event.generation) else { return }
            connectionReady(connection, event)
        } else if raw == flag.raw {
            // Before the inbox is emptied: what is handed in from now on raises it again.
            flag.lower()
        } else if let listener = listeners.first(where: { $0.raw == raw }) {
            accept(from: listener)
        }
    }

    private func emptyInbox() {
        // The emptied one of the last turn goes in, with its memory, and the filled one comes out.
        var arrived = Inbox()
        swap(&arrived, &spareInbox)
        inbox.withLock { swap(&$0, &arrived) }
        for key in arrived.wakes { wakings.append(Waking(key: key, horizon: parking.horizon)) }
        for action in arrived.actions { action(self) }
        for job in arrived.jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        arrived.empty()
        spareInbox = arrived
    }

    func finish() { isFinished = true }
}

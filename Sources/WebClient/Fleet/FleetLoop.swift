import Base
import CCurl
import Glibc

/// A fleet's one thread: it begins what may begin, has libcurl move the bytes, and ends what took too long.
@safe
final class FleetLoop {
    private let inbox: FleetInbox
    private let rules: WebFleet.Rules
    private let multi: UnsafeMutableRawPointer
    private var queue: FleetQueue
    /// All questions that have no answer yet.
    private(set) var orders: [UInt64: FleetInbox.Order] = [:]
    private var flights: [UInt64: Flight] = [:]
    /// Whose handle is at which address, since libcurl knows nothing else.
    private var ids: [UInt: UInt64] = [:]
    /// Those under way of which nobody knows yet whether their host's name leads somewhere.
    private var searching: Set<UInt64> = []
    /// No deadline is earlier.
    private var nextDeadline: Instant?
    private var looks: FleetLooks
    private var swept: Instant

    init?(_ inbox: FleetInbox, _ rules: WebFleet.Rules) {
        guard WebHandle.isReady, let multi = unsafe curl_multi_init() else { return nil }
        self.inbox = inbox
        self.rules = rules
        unsafe self.multi = multi
        queue = FleetQueue(perHost: rules.perHost, total: rules.total, connections: rules.connections)
        looks = FleetLooks(now: rules.clock.now())
        swept = rules.clock.now()
        unsafe ccurl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, rules.total)
    }

    deinit { unsafe curl_multi_cleanup(multi) }

    /// Goes on until the inbox is stopped; whoever has no answer by then is told so.
    func run() {
        // A peer that is gone must be an error here, not the end of the process.
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        while step() {}
        for id in Array(orders.keys) { end(id, .failed(.cancelled), .gaveUp) }
    }

    /// Waits until there is something to do, and does it; false where there will be nothing more.
    func step() -> Bool {
        wait()
        let (messages, isLast) = inbox.take()
        for message in messages { hear(message) }
        if isLast { return false }
        turn()
        return true
    }

    private func hear(_ message: FleetInbox.Message) {
        switch message {
        case .ask(let order):
            orders[order.id] = order
            nextDeadline = min(nextDeadline ?? order.deadline, order.deadline)
            queue.add(order.id, to: order.host, turn: order.turn)
        case .giveUp(let id): end(id, .failed(.cancelled), .gaveUp)
        }
    }

    private func turn() {
        var running: CInt = 0
        _ = unsafe curl_multi_perform(multi, &running)
        for id in searching where flights[id]?.hasFound ?? true {
            searching.remove(id)
            if let host = orders[id]?.host { queue.found(host) }
        }
        land()
        // Only now: what came in time is an answer, however late it is looked at.
        let now = rules.clock.now()
        looks.look(now: now)
        expire(now)
        begin(now)
        if (now - swept).inSeconds > 10 {
            swept = now
            queue.forgetOld(now: now)
        }
    }

    private func begin(_ now: Instant) {
        while let id = queue.next() {
            guard let order = orders[id] else { continue }
            // Nobody answers in so little time.
            if order.deadline - now < .milliseconds(25) {
                end(id, .failed(.timeUp(WebFleet.timeIsUp)), .missed)
                continue
            }
            do throws(WebError) {
                let age = queue.trustedAge(of: order.host, now: now)
                let flight = try Flight(order, rules, trustedAge: age, now: now)
                flights[id] = flight
                nextDeadline = min(nextDeadline ?? flight.deadline, flight.deadline)
                searching.insert(id)
                ids[flight.handle.address] = id
                guard unsafe curl_multi_add_handle(multi, flight.handle.raw) == CURLM_OK else {
                    throw .unusable("libcurl takes no more questions")
                }
            } catch {
                end(id, .failed(error), .gaveUp)
            }
        }
    }

    /// Hands on what libcurl is done with.
    private func land() {
        var left: CInt = 0
        var done: [(UInt64, CURLcode)] = []
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE,
                let handle = unsafe message.pointee.easy_handle, let id = ids[UInt(bitPattern: handle)]
            else { continue }
            done.append((id, unsafe ccurl_message_code(message)))
        }
        for (id, code) in done {
            guard let flight = flights[id] else { continue }
            // What libcurl says of the handle is gone once it is taken out.
            let result = flight.result(code)
            guard case .failed = result else {
                end(id, result, .answered)
                continue
            }
            end(id, result, flight.hasFound ? .lost : .notFound)
        }
    }

    /// Ends what took too long, whatever state libcurl thinks it is in.
    private func expire(_ now: Instant) {
        guard let next = nextDeadline, next <= now else { return }
        for (id, order) in orders {
            let flight = flights[id]
            guard (flight?.deadline ?? order.deadline) <= now else { continue }
            let error = flight?.timeUp(looks) ?? .timeUp(WebFleet.timeIsUp)
            end(id, .failed(error), flight?.hasFound ?? true ? .lost : .notFound)
        }
        nextDeadline = orders.map { id, order in flights[id]?.deadline ?? order.deadline }.min()
    }

    private func end(_ id: UInt64, _ answer: FleetInbox.Answer, _ landing: FleetQueue.Landing) {
        guard let order = orders.removeValue(forKey: id) else { return }
        if let flight = flights.removeValue(forKey: id) {
            // A connection that still carries something is ended by this.
            _ = unsafe curl_multi_remove_handle(multi, flight.handle.raw)
            ids[flight.handle.address] = nil
            searching.remove(id)
            queue.landed(landing, at: order.host, turn: order.turn, now: rules.clock.now())
        } else if !queue.drop(id, of: order.host, now: rules.clock.now()) {
            queue.landed(landing, at: order.host, turn: order.turn, now: rules.clock.now())
        }
        order.answer.resume(returning: answer)
    }

    /// Until libcurl, the inbox or a deadline wants something.
    private func wait() {
        var left = nextDeadline.map { max(0, ($0 - rules.clock.now()).nanoseconds) } ?? 60_000_000_000
        if !flights.isEmpty { left = min(left, FleetLooks.pace.nanoseconds) }
        var wake = curl_waitfd(fd: inbox.flag.raw, events: CShort(CURL_WAIT_POLLIN), revents: 0)
        // Rounded up, so that the deadline is over by then.
        let milliseconds = CInt(clamping: (left + 999_999) / 1_000_000)
        _ = unsafe curl_multi_poll(multi, &wake, 1, milliseconds, nil)
    }
}

import Base

/// The pool's decisions, without clock, threads or sockets: what happened goes in, what to do comes out.
struct PoolState {
    typealias SessionID = Int
    typealias WaiterID = Int

    /// What the pool's shell has to do next, in order.
    enum Action: Equatable {
        case open(SessionID)
        case close(SessionID)
        /// `check`: it lay idle so long that it should be asked first.
        case lend(SessionID, to: WaiterID, check: Bool)
        case refuse(WaiterID, StoreError)
    }

    private struct Idle { let session: SessionID, since: Instant }
    private struct Waiter { let id: WaiterID, deadline: Instant }
    private struct Outage { let since: Instant, reason: String, retryAt: Instant }

    private let limits: PoolLimits
    private var backoff = Backoff()
    /// The last returned is the last here and is lent first, so that a quiet pool shrinks.
    private var idle: [Idle] = []
    private var busy: Set<SessionID> = []
    private var opening: Set<SessionID> = []
    /// Who waits, longest first.
    private var waiters: [Waiter] = []
    private var outage: Outage?
    private var isClosed = false
    private var lastSession = 0
    private var counts = PoolMetrics()

    init(limits: PoolLimits) { self.limits = limits }

    var metrics: PoolMetrics {
        var metrics = counts
        metrics.open = idle.count + busy.count
        metrics.busy = busy.count
        metrics.opening = opening.count
        metrics.waiting = waiters.count
        return metrics
    }

    /// True once nothing is left to be returned.
    var isDrained: Bool { isClosed && busy.isEmpty && opening.isEmpty }

    /// When `timePassed` is due next.
    var nextDeadline: Instant? {
        let retry = waiters.isEmpty ? nil : outage?.retryAt
        let oldest = idle.first.map { $0.since + limits.idleBeforeClose }
        return [waiters.first?.deadline, retry, oldest].compactMap(\.self).min()
    }
}

extension PoolState {
    mutating func sessionWanted(by waiter: WaiterID, now: Instant) -> [Action] {
        if isClosed { return [.refuse(waiter, .closed)] }
        if let last = idle.popLast() { return [lend(last, to: waiter, now: now)] }
        if waiters.count >= limits.queue {
            counts.turnedAway += 1
            return [.refuse(waiter, .queueFull(waiting: waiters.count))]
        }
        if let outage, outage.since + limits.wait <= now, busy.isEmpty {
            // It has been down for as long as anyone would wait: waiting more of them would only pile them up.
            counts.turnedAway += 1
            return [.refuse(waiter, .unavailable(outage.reason))] + openMore(now: now, wanted: 1)
        }
        waiters.append(Waiter(id: waiter, deadline: now + limits.wait))
        return openMore(now: now, wanted: waiters.count)
    }

    mutating func waiterLeft(_ waiter: WaiterID) -> [Action] {
        guard let index = waiters.firstIndex(where: { $0.id == waiter }) else { return [] }
        waiters.remove(at: index)
        return [.refuse(waiter, .cancelled)]
    }

    mutating func sessionOpened(_ session: SessionID, now: Instant) -> [Action] {
        opening.remove(session)
        outage = nil
        backoff.reset()
        return offer(session, now: now) + openMore(now: now, wanted: waiters.count)
    }

    mutating func sessionFailedToOpen(
        _ session: SessionID,
        reason: String,
        now: Instant,
        chance: Double
    ) -> [Action] {
        opening.remove(session)
        counts.connectFailures += 1
        let retryAt = now + backoff.next(chance: chance)
        outage = Outage(since: outage?.since ?? now, reason: reason, retryAt: retryAt)
        return [.close(session)]
    }

    mutating func sessionReturned(_ session: SessionID, isUsable: Bool, now: Instant) -> [Action] {
        busy.remove(session)
        if isUsable { return offer(session, now: now) }
        counts.sessionsLost += 1
        return [.close(session)] + openMore(now: now, wanted: waiters.count)
    }

    mutating func timePassed(now: Instant) -> [Action] {
        let late = waiters.prefix { $0.deadline <= now }
        waiters.removeFirst(late.count)
        counts.turnedAway += late.count
        let stale = idle.prefix { $0.since + limits.idleBeforeClose <= now }
        idle.removeFirst(stale.count)
        return late.map { .refuse($0.id, whyNone) } + stale.map { .close($0.session) }
            + openMore(now: now, wanted: waiters.count)
    }

    /// Why there was no session in time: others had them all, or there were none to have.
    private var whyNone: StoreError {
        if let outage { return .unavailable(outage.reason) }
        if busy.isEmpty { return .unavailable("no session was opened within \(limits.wait.inSeconds) s") }
        return .waitedTooLong(limits.wait)
    }

    mutating func closed() -> [Action] {
        isClosed = true
        defer {
            waiters = []
            idle = []
        }
        return waiters.map { .refuse($0.id, .closed) } + idle.map { .close($0.session) }
    }
}

extension PoolState {
    /// Gives a session to whoever has waited longest, or keeps it.
    private mutating func offer(_ session: SessionID, now: Instant) -> [Action] {
        if isClosed { return [.close(session)] }
        let ready = Idle(session: session, since: now)
        if waiters.isEmpty {
            idle.append(ready)
            return []
        }
        return [lend(ready, to: waiters.removeFirst().id, now: now)]
    }

    private mutating func lend(_ ready: Idle, to waiter: WaiterID, now: Instant) -> Action {
        busy.insert(ready.session)
        counts.lent += 1
        let check = ready.since + limits.idleBeforeCheck <= now
        return .lend(ready.session, to: waiter, check: check)
    }

    /// Opens as many as are wanted and allowed; during an outage one at a time, when its pause is over.
    private mutating func openMore(now: Instant, wanted: Int) -> [Action] {
        if isClosed { return [] }
        var allowed = limits.sessions - idle.count - busy.count - opening.count
        if let outage { allowed = outage.retryAt <= now ? min(allowed, 1 - opening.count) : 0 }
        let missing = min(wanted - opening.count, allowed)
        guard missing > 0 else { return [] }
        return (0..<missing).map { _ in
            lastSession += 1
            opening.insert(lastSession)
            return .open(lastSession)
        }
    }
}

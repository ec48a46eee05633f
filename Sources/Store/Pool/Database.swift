package import Base

/// The way to the database: a bounded pool of sessions, each on its own thread.
///
/// Whoever asks gets a session, or an error within the wait limit; nothing hangs, whatever state the server is in. What must
/// never queue behind requests (heartbeats, the halt) gets a small pool of its own.
package final class Database: Sendable {
    typealias Waiter = CheckedContinuation<Result<LentSession, StoreError>, Never>

    /// A session in use; its borrower says when it is done.
    struct LentSession: Sendable {
        let id: PoolState.SessionID
        let session: Session
        let needsCheck: Bool
    }

    private struct Shared {
        var state: PoolState
        var sessions: [PoolState.SessionID: Session] = [:]
        var waiters: [PoolState.WaiterID: Waiter] = [:]
        var lastWaiter = 0
    }

    package let address: DatabaseAddress
    private let limits: SessionLimits
    private let application: String
    private let log: Logger
    private let clock: Clock
    private let shared: Locked<Shared>
    private let wake: EventFlag

    /// Opens nothing yet: the first session is opened when it is wanted.
    package init(
        _ address: DatabaseAddress,
        pool: PoolLimits = PoolLimits(),
        session: SessionLimits = SessionLimits(),
        application: String = "faultplane",
        log: Logger,
        clock: Clock = .system
    ) throws(StoreError) {
        self.address = address
        limits = session
        self.application = application
        self.log = log
        self.clock = clock
        shared = Locked(Shared(state: PoolState(limits: pool)))
        do throws(SystemError) {
            wake = try EventFlag()
            try Thread.start(name: "pool") { [self] in keepTime() }
        } catch {
            throw .system(error)
        }
    }

    package var metrics: PoolMetrics { shared.withLock { $0.state.metrics } }

    /// Turns away whoever waits or comes, and closes each session when it is returned.
    package func close() { happened { state, _ in state.closed() } }
}

extension Database {
    /// A session of the pool's; `giveBack` must follow.
    func borrow() async throws(StoreError) -> LentSession {
        let id = shared.withLock { shared in
            shared.lastWaiter += 1
            return shared.lastWaiter
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                happened(registering: (id, waiter)) { state, now in
                    let actions = state.sessionWanted(by: id, now: now)
                    return Task.isCancelled ? actions + state.waiterLeft(id) : actions
                }
            }
        } onCancel: {
            happened { state, _ in state.waiterLeft(id) }
        }
        return try answer.get()
    }

    func giveBack(_ lent: LentSession, isUsable: Bool) {
        happened { state, now in state.sessionReturned(lent.id, isUsable: isUsable, now: now) }
    }

    /// Puts an event to the state, and does what it answers.
    ///
    /// Waiters are answered and sessions opened outside the lock, where nothing they set off can come back into it.
    private func happened(
        registering waiter: (PoolState.WaiterID, Waiter)? = nil,
        _ event: (inout PoolState, Instant) -> [PoolState.Action]
    ) {
        let now = clock.now()
        let effects = shared.withLock { shared in
            if let (id, continuation) = waiter { shared.waiters[id] = continuation }
            return event(&shared.state, now).compactMap { Self.effect(of: $0, in: &shared) }
        }
        for effect in effects { carryOut(effect) }
        wake.raise()
    }

    private enum Effect {
        case answer(Waiter, Result<LentSession, StoreError>)
        case open(PoolState.SessionID)
        case close(Session)
    }

    private static func effect(of action: PoolState.Action, in shared: inout Shared) -> Effect? {
        switch action {
        case .open(let id):
            return .open(id)
        case .close(let id):
            return shared.sessions.removeValue(forKey: id).map { .close($0) }
        case .refuse(let id, let error):
            return shared.waiters.removeValue(forKey: id).map { .answer($0, .failure(error)) }
        case .lend(let id, let waiterID, let check):
            guard let session = shared.sessions[id],
                let waiter = shared.waiters.removeValue(forKey: waiterID)
            else { return nil }
            return .answer(waiter, .success(LentSession(id: id, session: session, needsCheck: check)))
        }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .answer(let waiter, let answer): waiter.resume(returning: answer)
        case .open(let id): Task { await open(id) }
        case .close(let session): Task { await session.close() }
        }
    }

    private func open(_ id: PoolState.SessionID) async {
        do throws(StoreError) {
            let session = try Session(to: address, limits: limits, application: application, log: log)
            try await session.open()
            shared.withLock { $0.sessions[id] = session }
            happened { state, now in state.sessionOpened(id, now: now) }
        } catch {
            log.warning(
                "database session failed to open",
                .field("database.address", address.description),
                .field("error", error)
            )
            happened { state, now in
                let chance = Double.random(in: 0...1)
                return state.sessionFailedToOpen(id, reason: error.reason, now: now, chance: chance)
            }
        }
    }

    /// Tells the state when its deadlines pass, from a thread that no load can keep from it.
    private func keepTime() {
        while true {
            let (deadline, isDrained) = shared.withLock { ($0.state.nextDeadline, $0.state.isDrained) }
            if isDrained { return }
            _ = try? Readiness.wait(for: [.readable(wake.raw)], until: deadline)
            wake.lower()
            if let deadline, deadline <= clock.now() {
                happened { state, now in state.timePassed(now: now) }
            }
        }
    }
}

extension StoreError {
    /// The detail of a failed attempt to connect.
    fileprivate var reason: String {
        switch self {
        case .unavailable(let reason), .connectionLost(let reason): reason
        default: logged.text ?? description
        }
    }
}

package import Base
import Synchronization

/// The way to the database: a bounded pool of sessions, each on its own thread.
///
/// Whoever asks gets a session, or an error within the wait limit; nothing hangs, whatever state the server is in. What must
/// never queue behind requests (heartbeats, the halt) gets a small pool of its own.
package final class Database: Sendable {
    typealias Waiter = CheckedContinuation<Void, Never>

    /// A session in use; its borrower says when it is done.
    struct LentSession: Sendable {
        let id: PoolState.SessionID
        let session: Session
        let needsCheck: Bool
    }

    fileprivate struct Shared {
        var state: PoolState
        var sessions: [PoolState.SessionID: Session] = [:]
        /// Who sleeps until there is an answer.
        var waiters: [PoolState.WaiterID: Waiter] = [:]
        /// What those who asked have not fetched yet.
        var answers: [PoolState.WaiterID: Result<LentSession, StoreError>] = [:]
        /// Until when the pool's own thread sleeps; nil means until it is woken.
        var alarm: Instant?

        /// Whether that thread would come too late.
        var oversleeps: Bool {
            if state.isDrained { return true }
            guard let deadline = state.nextDeadline else { return false }
            return alarm.map { deadline < $0 } ?? true
        }
    }

    package let address: DatabaseAddress
    private let limits: SessionLimits
    private let application: String
    private let log: Logger
    private let clock: Clock
    private let shared: Locked<Shared>
    private let lastWaiter = Atomic(0)
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
        let id = lastWaiter.add(1, ordering: .relaxed).newValue
        happened { state, now in state.sessionWanted(by: id, now: now) }
        while true {
            if let answer = shared.withLock({ $0.answers.removeValue(forKey: id) }) {
                return try answer.get()
            }
            await answered(id)
        }
    }

    /// Sleeps until there is an answer for that waiter; who is cancelled meanwhile gets one too.
    private func answered(_ id: PoolState.WaiterID) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isAnswered = shared.withLock { shared in
                    if shared.answers[id] != nil { return true }
                    shared.waiters[id] = waiter
                    return false
                }
                if isAnswered { waiter.resume() }
            }
        } onCancel: {
            happened { state, _ in state.waiterLeft(id) }
        }
    }

    func giveBack(_ lent: LentSession, isUsable: Bool) {
        happened { state, now in state.sessionReturned(lent.id, isUsable: isUsable, now: now) }
    }

    /// Puts an event to the state, and does what it answers.
    ///
    /// Waiters are answered and sessions opened outside the lock, where nothing they set off can come back into it.
    private func happened(_ event: (inout PoolState, Instant) -> [PoolState.Action]) {
        let now = clock.now()
        let (effects, oversleeps) = shared.withLock { shared in
            let effects = event(&shared.state, now).compactMap { Self.effect(of: $0, in: &shared) }
            return (effects, shared.oversleeps)
        }
        for effect in effects { carryOut(effect) }
        if oversleeps { wake.raise() }
    }

    fileprivate enum Effect {
        case wake(Waiter)
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
            return shared.answer(id, .failure(error))
        case .lend(let id, let waiter, let check):
            guard let session = shared.sessions[id] else { return shared.answer(waiter, .failure(.closed)) }
            return shared.answer(waiter, .success(LentSession(id: id, session: session, needsCheck: check)))
        }
    }

    private func carryOut(_ effect: Effect) {
        switch effect {
        case .wake(let waiter): waiter.resume()
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
            let (deadline, isDrained) = shared.withLock { shared in
                shared.alarm = shared.state.nextDeadline
                return (shared.alarm, shared.state.isDrained)
            }
            if isDrained { return }
            _ = try? Readiness.wait(for: [.readable(wake.raw)], until: deadline)
            wake.lower()
            if let deadline, deadline <= clock.now() {
                happened { state, now in state.timePassed(now: now) }
            }
        }
    }
}

extension Database.Shared {
    /// Keeps the answer until it is fetched; says whom to wake for it.
    fileprivate mutating func answer(
        _ id: PoolState.WaiterID,
        _ answer: Result<Database.LentSession, StoreError>
    ) -> Database.Effect? {
        answers[id] = answer
        return waiters.removeValue(forKey: id).map { .wake($0) }
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

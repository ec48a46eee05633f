import Base
import Store

/// A poll, as it is remembered while it waits.
final class Poll: Sendable {
    let room: TargetRoom
    let instance: String
    let qualifier: String?
    /// The version that the injector says it holds.
    let named: Int64?
    /// How long it would wait for a change.
    let wait: Duration
    let arrivedAt: Instant
    /// Between 0 and 1, so that not all who wait are answered at once.
    let chance: Double

    init(
        room: TargetRoom,
        instance: String,
        qualifier: String?,
        named: Int64?,
        wait: Duration,
        arrivedAt: Instant,
        chance: Double
    ) {
        self.room = room
        self.instance = instance
        self.qualifier = qualifier
        self.named = named
        self.wait = wait
        self.arrivedAt = arrivedAt
        self.chance = chance
    }

    var waits: Bool { wait > .zero }
}

extension DocumentBook {
    /// Decides what to say now, and remembers what the poll says of its instance.
    ///
    /// What then goes out must be told to `answered`.
    func decide(_ poll: Poll, at now: Instant) -> PollDecision {
        let standing = standing(at: now)
        return poll.room.withState { state in
            note(poll, known: standing.epoch, at: now, &state)
            return PollDecision(standing, state.entry, qualifier: poll.qualifier, named: poll.named)
        }
    }

    /// A decision of now goes out: from here on the instance may inject what it holds.
    func answered(_ poll: Poll, _ decision: PollDecision, at now: Instant) {
        guard let until = decision.faultUntil(from: now) else { return }
        poll.room.withState { state in
            if state.instances[poll.instance] != nil {
                state.instances[poll.instance]?.faultUntil = until
            } else {
                state.untracked += 1
                state.untrackedUntil = max(state.untrackedUntil, until)
            }
        }
    }

    /// What nobody here can have told it confirms nothing.
    private func note(_ poll: Poll, known epoch: Int64, at now: Instant, _ state: inout TargetRoom.State) {
        let named = poll.named.map { $0 >> 32 <= epoch ? $0 : 0 } ?? 0
        if state.instances[poll.instance] == nil {
            guard census.admit(poll.room.key.account) else { return }
            state.instances[poll.instance] = InstanceRecord(named: named, seenAt: now)
        } else {
            state.instances[poll.instance]?.seenAt = now
            state.instances[poll.instance]?.named = named
        }
    }

    /// Forgets instances that have not been seen for that long and cannot inject anything any more.
    func forget(unseenFor age: Duration, at now: Instant) {
        for room in rooms {
            let gone = room.withState { state in
                let before = state.instances.count
                state.instances = state.instances.filter {
                    now - $0.value.seenAt < age || $0.value.faultUntil > now
                }
                if state.untrackedUntil <= now { state.untracked = 0 }
                return before - state.instances.count
            }
            if gone > 0 { census.leave(room.key.account, gone) }
        }
    }
}

import Base
import SafetyLever
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
        let standing = standing(at: SeededBug.isOn(.forgetHeldTime) ? poll.arrivedAt : now)
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

    /// An instance says outside of a poll what it holds.
    func note(_ instance: String, holds version: Int64, in room: TargetRoom, at now: Instant) {
        let epoch = lever.epoch
        room.withState { state in
            guard version >> 32 <= epoch, var record = state.instances[instance] else { return }
            state.hear(version, from: &record, at: now)
            state.instances[instance] = record
        }
    }

    /// What nobody here can have told it confirms nothing.
    private func note(_ poll: Poll, known epoch: Int64, at now: Instant, _ state: inout TargetRoom.State) {
        let named = poll.named.map { $0 >> 32 <= epoch ? $0 : 0 } ?? 0
        if state.instances[poll.instance] == nil {
            guard census.admit(poll.room.key.account) else { return }
            var record = InstanceRecord(seenAt: now, qualifier: poll.qualifier)
            state.hear(named, from: &record, at: now)
            state.instances[poll.instance] = record
        } else {
            state.instances[poll.instance]?.seenAt = now
            if var record = state.instances[poll.instance], record.named != named {
                state.hear(named, from: &record, at: now)
                state.instances[poll.instance] = record
            }
        }
    }

    /// Forgets instances that have not been seen for that long and cannot inject anything any more.
    func forget(unseenFor age: Duration, at now: Instant) {
        for room in rooms {
            let gone = room.withState { state in
                let gone = state.instances.filter {
                    now - $0.value.seenAt >= age && $0.value.faultUntil <= now
                }
                for (name, record) in gone {
                    state.forget(record)
                    state.instances[name] = nil
                }
                if state.untrackedUntil <= now { state.untracked = 0 }
                return gone.count
            }
            if gone > 0 { census.leave(room.key.account, gone) }
        }
    }
}

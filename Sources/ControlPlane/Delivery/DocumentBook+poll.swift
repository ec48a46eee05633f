import Base
import SafetyLever
import Store

extension DocumentBook {
    /// Decides what to say now, and remembers what the poll says of its instance.
    ///
    /// Unless `parks` says until when the poll waits, the decision goes out: from here on the instance may inject what it holds.
    func turn(_ poll: Poll, at now: Instant, parks: (PollDecision) -> Instant?) -> PollTurn {
        let ownStanding = standing(at: SeededBug.isOn(.forgetHeldTime) ? poll.arrivedAt : now)
        return poll.room.withState { state in
            let standing = state.standing(ownStanding, at: now)
            let place = note(poll, known: standing.epoch, at: now, &state)
            var body: [UInt8] = []
            let decision = PollDecision(standing, change: state.entry.change, named: poll.named) { version in
                let document = state.document(of: poll.room.key.target, version, standing, to: poll.qualifier)
                body = document.body
                return document.faults
            }
            if let place, !standing.isEngaged, case .unchanged(_, false, _) = decision {
                // It says that it runs nothing any more: a halt from here on is none of its business.
                state.instances.values[place].faultUntil = Instant(nanoseconds: .min)
            }
            let parkedUntil = parks(decision)
            if parkedUntil == nil { state.answered(place, decision, at: now) }
            return PollTurn(decision: decision, body: body, parkedUntil: parkedUntil)
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
    ///
    /// Says where the instance stands, if there is room for it.
    private func note(
        _ poll: Poll,
        known epoch: Int64,
        at now: Instant,
        _ state: inout TargetRoom.State
    ) -> TargetRoom.Instances.Index? {
        let named = poll.named.map { $0 >> 32 <= epoch ? $0 : 0 } ?? 0
        guard let place = state.instances.index(forKey: poll.instance) else {
            guard census.admit(poll.room.key.account) else { return nil }
            var record = InstanceRecord(seenAt: now, qualifier: poll.qualifier)
            state.hear(named, from: &record, at: now)
            state.instances[poll.instance] = record
            return state.instances.index(forKey: poll.instance)
        }
        state.instances.values[place].seenAt = now
        if state.instances.values[place].named != named {
            var record = state.instances.values[place]
            state.hear(named, from: &record, at: now)
            state.instances.values[place] = record
        }
        return place
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
                if state.untrackedReadersUntil <= now { state.untrackedReaders = 0 }
                return gone.count + state.forgetReaders(unseenFor: age, at: now)
            }
            if gone > 0 { census.leave(room.key.account, gone) }
        }
    }
}

extension TargetRoom.State {
    /// How sure the node may be of this target.
    func standing(_ node: DocumentBook.Standing, at now: Instant) -> DocumentBook.Standing {
        hold.map { node.held($0, servedIn: entry.epoch, at: now) } ?? node
    }

    /// A decision of now goes out to the instance that stands there, or to one that there was no room for.
    fileprivate mutating func answered(
        _ place: TargetRoom.Instances.Index?,
        _ decision: PollDecision,
        at now: Instant
    ) {
        guard let until = decision.faultUntil(from: now) else { return }
        if let place {
            instances.values[place].faultUntil = until
        } else {
            untracked += 1
            untrackedUntil = max(untrackedUntil, until)
        }
    }
}

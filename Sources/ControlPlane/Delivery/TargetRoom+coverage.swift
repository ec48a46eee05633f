import Base
import Store

extension TargetRoom {
    /// How the instances that come here stand to each fault that is followed.
    struct Counted: Sendable {
        var rows: [FaultCoverage] = []
        /// Faults that nobody can inject any more.
        var over: Set<String> = []
    }

    private static let namesLimit = 100
    /// Reasons are the clients' own words, and so must be few and short.
    private static let reasonsLimit = 20

    /// Counts; `epoch` is the halt epoch, and faults of an older one are over.
    func counted(at now: Instant, epoch: Int64, _ time: DeploymentTime) -> Counted {
        let wall = time.now
        return withState { state in
            var counted = Counted()
            for place in state.tracks.indices {
                state.tracks[place].tell(now, wall)
                let track = state.tracks[place]
                let isEnded = track.end != nil || track.epoch < epoch
                var row = FaultCoverage(
                    experiment: track.experiment,
                    action: track.action,
                    account: key.account,
                    target: key.target
                )
                row.held = track.forgotten
                row.off = track.forgotten
                row.untracked = state.untrackedUntil > now ? state.untracked : 0
                // Nobody can say who holds it, and so nobody may say that none does.
                if track.bit == 0, !isEnded { row.untracked += 1 }
                row.firstHeldAt = track.firstTold
                row.lastHeldAt = track.lastTold?.at
                for (name, record) in state.instances {
                    if let qualifier = track.qualifier, qualifier != record.qualifier { continue }
                    row.count(name, record, track, isEnded: isEnded, at: now, wall)
                }
                for record in state.readers.values
                where track.qualifier == nil || track.qualifier == record.qualifier {
                    row.count(record, track, isEnded: isEnded, at: now, wall)
                }
                let isOver = row.silent == 0 && row.withoutLease == 0 && row.untracked == 0
                if isEnded, isOver { counted.over.insert(track.id) }
                counted.rows.append(row)
            }
            return counted
        }
    }

    /// An instance says that it cannot do what a version tells it, or some of it.
    ///
    /// It never held what it refuses, whatever it named.
    func reject(
        _ instance: String,
        _ rejection: InstanceRecord.Rejection,
        at now: Instant,
        in census: InstanceCensus
    ) {
        withState { state in
            if state.instances[instance] == nil, !census.admit(key.account) { return }
            var record = state.instances[instance] ?? InstanceRecord(seenAt: now)
            record.rejection = rejection
            for track in state.tracks where track.isHeld(rejection.version) && rejection.concerns(track.id) {
                record.held &= ~track.bit
                record.refused |= track.bit
            }
            state.instances[instance] = record
        }
    }

    fileprivate static func mayName(_ count: Int) -> Bool { count < namesLimit }
    fileprivate static func mayTell(_ reason: String, beside reasons: [String: Int]) -> Bool {
        reasons[reason] != nil || reasons.count < reasonsLimit
    }
}

extension FaultCoverage {
    fileprivate mutating func count(
        _ name: String,
        _ record: InstanceRecord,
        _ track: FaultTrack,
        isEnded: Bool,
        at now: Instant,
        _ wall: Timestamp
    ) {
        seen += 1
        if record.refused & track.bit != 0, let reason = record.rejection?.reason {
            rejecting += 1
            if TargetRoom.mayTell(reason, beside: reasons) { reasons[reason, default: 0] += 1 }
            return
        }
        guard record.held & track.bit != 0 else { return }
        held += 1
        if track.isOver(in: record.named) {
            cleared += 1
        } else if record.faultUntil <= now {
            off += 1
        } else if isEnded {
            silent += 1
            if TargetRoom.mayName(silentNames.count) {
                // To the second, upwards: it is told again each second, and is to be the same then.
                silentNames[name] = (wall + (record.faultUntil - now)).seconds.rounded(.up)
            }
        } else {
            holding += 1
        }
    }
}

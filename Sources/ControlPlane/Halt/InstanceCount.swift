import Base
import Store

/// How instances that held a fault when a halt began stand to it.
struct InstanceCount: Equatable, Sendable {
    /// One that has neither confirmed nor run out of its lease.
    struct Silent: Equatable, Sendable {
        let name: InstanceName
        /// How long it may still inject.
        let left: Duration
    }

    var known = 0
    /// They have named a version of the halt's epoch.
    var confirmed = 0
    /// Their lease is over.
    var off = 0
    var silent: [Silent] = []
    /// Answers with a fault to instances that nobody remembers.
    var untracked = 0

    /// Those who had read a fault from a parameter, and may be doing it yet.
    var withoutLease: [ReaderCount] = []
    var withoutLeaseCount = 0
    /// For how long they are known; nil where it is longer than any of them goes on with what it read.
    var readersKnownFor: Duration?

    /// Nodes that did not say how their instances stand.
    var nodesNotAsked = 0

    /// Whether everybody who keeps a lease is off.
    var isOver: Bool { silent.isEmpty && untracked == 0 && nodesNotAsked == 0 }
}

extension DocumentBook {
    /// Counts those whose lease could still run when the halt began.
    func instances(confirming epoch: Int64, since begun: Instant, at now: Instant) -> InstanceCount {
        var count = InstanceCount()
        for room in rooms {
            room.withState { state in
                if state.untrackedUntil > max(begun, now) { count.untracked += state.untracked }
                for (instance, record) in state.instances where record.faultUntil > begun {
                    count.known += 1
                    if record.epoch >= epoch {
                        count.confirmed += 1
                    } else if record.faultUntil <= now {
                        count.off += 1
                    } else {
                        let name = InstanceName(
                            account: room.key.account,
                            target: room.key.target,
                            instance: instance
                        )
                        count.silent.append(InstanceCount.Silent(name: name, left: record.faultUntil - now))
                    }
                }
                if state.untrackedReadersUntil > max(begun, now) {
                    count.withoutLeaseCount += state.untrackedReaders
                }
                for (parameter, record) in state.readers where record.mayActUntil > begun {
                    guard let reader = ReaderCount(parameter, of: room.key, record, at: now) else { continue }
                    count.withoutLease.append(reader)
                    count.withoutLeaseCount += 1
                }
            }
        }
        return count
    }

    /// Whether an instance has confirmed an epoch here.
    func hasConfirmed(_ name: InstanceName, epoch: Int64) -> Bool {
        guard let room = roomIfAny(TargetKey(account: name.account, target: name.target)) else {
            return false
        }
        return room.withState { state in state.instances[name.instance].map { $0.epoch >= epoch } ?? false }
    }
}

import Base
import Store

/// What holds back the faults of a target whose runs are guarded: until when their stop conditions count as read.
struct GuardHold: Equatable, Sendable {
    /// The run whose conditions were read longest ago.
    let experiment: String
    /// On this node's own clock; nil where they were never read, as far as is known here.
    let until: Instant?
}

/// Until when the guards of all runs hold, as this node last read it.
struct GuardBook: Sendable {
    private var until: [String: Instant] = [:]
    private var readAt: Instant?

    /// Takes in a reading that began then; one that began before the last one says nothing new.
    ///
    /// The time left is counted from the beginning: the database looked at its clock later than that, so that a guard ends here no later
    /// than there, whatever this machine's calendar says.
    /// A guard that would hold for longer than a lease was kept by a database whose clock has run back since: it holds no more.
    mutating func read(_ terms: GuardTerms, begunAt moment: Instant, lease: Duration) {
        if let readAt, moment < readAt { return }
        readAt = moment
        until = terms.left.filter { $0.value <= lease }.mapValues { moment + $0 }
    }

    /// The hold of a target with faults of these runs; nil where none is guarded.
    func hold(of experiments: [String]) -> GuardHold? {
        let holds = experiments.map { GuardHold(experiment: $0, until: until[$0]) }
        return holds.min { ($0.until?.nanoseconds ?? .min) < ($1.until?.nanoseconds ?? .min) }
    }
}

extension TargetRoom.Entry {
    /// The runs whose faults in it are guarded.
    static func guarded(_ faults: [JSON]) -> [String] {
        let ids = faults.compactMap { pair -> String? in
            if pair[2]?.truth != true { return nil }
            // A name that no run has is one whose conditions nobody reads.
            return pair[1]?["experimentId"]?.text ?? ""
        }
        return Set(ids).sorted()
    }
}

extension DocumentBook.Standing {
    /// How sure a node may be of a target whose faults are held back by that: no longer than their stop conditions count as read.
    func held(_ hold: GuardHold, servedIn epoch: Int64, at now: Instant) -> DocumentBook.Standing {
        if SeededBug.isOn(.ignoreGuards) { return self }
        guard !isEngaged, epoch == self.epoch, case .sure(let left) = trust else { return self }
        guard let until = hold.until else {
            return with(.unsure("the stop conditions of \(hold.experiment) were not read yet"))
        }
        let capped = min(left, until - now)
        if capped + capped + capped >= lease { return with(.sure(for: capped)) }
        let seconds = max(0, (now - until + lease).nanoseconds / 1_000_000_000)
        return with(.unsure("the stop conditions of \(hold.experiment) were last read \(seconds) s ago"))
    }

    private func with(_ trust: NodeTrust.Standing) -> DocumentBook.Standing {
        DocumentBook.Standing(epoch: epoch, isEngaged: isEngaged, trust: trust, lease: lease)
    }
}

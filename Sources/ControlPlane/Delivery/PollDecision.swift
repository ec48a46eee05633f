import Base
import Experiments
import Store

/// What to say to a poll, decided from memory alone.
enum PollDecision: Equatable {
    case document(FaultVersion, faults: [JSON], lease: Duration)
    /// The poll named what there is.
    case unchanged(FaultVersion, hasFaults: Bool, lease: Duration)
    case degraded(epoch: Int64, reason: String)
    /// The poll named something newer than this node has read.
    case behind(epoch: Int64, named: Int64)

    /// `named` is the version the injector holds, if it said one.
    ///
    /// A node that is engaged has nothing to serve and needs no database to be sure of that.
    init(_ standing: DocumentBook.Standing, _ entry: TargetRoom.Entry, qualifier: String?, named: Int64?) {
        self.init(standing, change: entry.change, named: named) { _ in
            entry.served(standing, to: qualifier)
        }
    }

    /// The same for whoever remembers what of a version is served.
    init(
        _ standing: DocumentBook.Standing,
        change: Int64,
        named: Int64?,
        served: (FaultVersion) -> [JSON]
    ) {
        let epoch = standing.epoch
        let lease: Duration
        switch standing.trust {
        case _ where standing.isEngaged: lease = standing.lease
        case .sure(let left): lease = left
        case .unsure where SeededBug.isOn(.answerStaleVersion): lease = standing.lease / 3
        case .unsure(let reason):
            self = .degraded(epoch: epoch, reason: reason)
            return
        }
        guard let version = FaultVersion(epoch: epoch, change: change) else {
            self = .degraded(epoch: epoch, reason: "the target's version is out of range")
            return
        }
        if let named, named > version.number, !SeededBug.isOn(.answerStaleVersion) {
            self = .behind(epoch: epoch, named: named)
            return
        }
        let faults = served(version)
        self =
            named == version.number
            ? .unchanged(version, hasFaults: !faults.isEmpty, lease: lease)
            : .document(version, faults: faults, lease: lease)
    }

    /// Until when whoever gets this as an answer now may inject something.
    func faultUntil(from now: Instant) -> Instant? {
        switch self {
        case .document(_, let faults, let lease): faults.isEmpty ? nil : now + lease
        case .unchanged(_, let hasFaults, let lease): hasFaults ? now + lease : nil
        case .degraded, .behind: nil
        }
    }
}

extension TargetRoom.Entry {
    /// Nothing while the lever is engaged, and nothing from before it was.
    func served(_ standing: DocumentBook.Standing, to qualifier: String?) -> [JSON] {
        guard SeededBug.isOn(.skipEpochCheck) || !standing.isEngaged && epoch == standing.epoch else {
            return []
        }
        return faults.compactMap { pair in
            let wanted = pair[0]?.text
            return wanted == nil || wanted == qualifier ? pair[1] : nil
        }
    }
}

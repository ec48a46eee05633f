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
    init(_ view: DocumentBook.View, qualifier: String?, named: Int64?) {
        let epoch = view.lever.epoch
        let lease: Duration
        switch view.standing {
        case .sure(let left): lease = left
        case .unsure(let reason):
            self = .degraded(epoch: epoch, reason: reason)
            return
        }
        guard let version = FaultVersion(epoch: epoch, change: view.entry.change) else {
            self = .degraded(epoch: epoch, reason: "the target's version is out of range")
            return
        }
        if let named, named > version.number {
            self = .behind(epoch: epoch, named: named)
            return
        }
        let faults = view.served(to: qualifier)
        self =
            named == version.number
            ? .unchanged(version, hasFaults: !faults.isEmpty, lease: lease)
            : .document(version, faults: faults, lease: lease)
    }
}

extension DocumentBook.View {
    /// Nothing while the lever is engaged, and nothing from before it was.
    func served(to qualifier: String?) -> [JSON] {
        guard lever.status == "disengaged", entry.epoch == lever.epoch else { return [] }
        return entry.faults.compactMap { pair in
            let wanted = pair[0]?.text
            return wanted == nil || wanted == qualifier ? pair[1] : nil
        }
    }
}

/// How long a poll may wait, and when the next one is due.
struct PollPacing {
    let lease: Duration
    let longest: Duration

    /// An injector that holds a fault must renew its trust in time, and not all at once: between a quarter and a third of the lease.
    func hold(wanted: Duration, hasFaults: Bool, chance: Double) -> Duration {
        let limit = min(wanted, longest)
        return hasFaults ? min(limit, lease / 4 + lease / 12 * chance) : limit
    }

    /// After this answer; who waits long is asked to come back at once.
    func next(waits: Bool, hasFaults: Bool, chance: Double) -> Duration {
        if waits { return .zero }
        return (hasFaults ? lease / 3 : .seconds(60)) * (0.75 + 0.25 * chance)
    }

    /// After an answer that is not sure of anything.
    func afterDegraded(chance: Double) -> Duration { .seconds(2) + .seconds(3) * chance }
}

import Base
import Store

/// One fault of a target, followed from when this node first read of it until nobody can inject it any more.
///
/// An instance holds it if it names a version from `first` on and before `end`, in the fault's epoch.
struct FaultTrack: Sendable {
    let experiment: String
    let action: String
    let qualifier: String?
    let epoch: Int64
    /// The first change that this node saw it in, and the first without it again.
    let first: Int64
    var end: Int64?
    /// When the fault begins, in seconds since 1970; while it is armed, far off.
    var begins: Double
    /// Which bit of an instance's memory says that it has held it; 0 where all are taken, and then nobody can say who holds it.
    let bit: UInt64
    /// When this node heard of the first instance that holds it, and of the last one yet.
    var firstHeldAt: Instant?
    var lastHeldAt: Instant?
    /// The same by the calendar, once told and then the same for ever.
    private(set) var firstTold: Timestamp?
    private(set) var lastTold: (heard: Instant, at: Timestamp)?
    /// Instances that held it and were forgotten since.
    var forgotten = 0

    /// Looks up on the calendar when it was held, as the two clocks stand now.
    mutating func tell(_ now: Instant, _ wall: Timestamp) {
        if let first = firstHeldAt, firstTold == nil { firstTold = wall + (first - now) }
        if let last = lastHeldAt, lastTold?.heard != last { lastTold = (last, wall + (last - now)) }
    }

    func hasBegun(at wall: Timestamp) -> Bool { begins <= wall.seconds }

    var id: String { "\(experiment)/\(action)" }

    func isHeld(_ named: Int64) -> Bool {
        let change = named & 0xFFFF_FFFF
        return named >> 32 == epoch && change >= first && change < end ?? .max
    }

    /// Whether that version is one that the fault is over in.
    func isOver(in named: Int64) -> Bool {
        named >> 32 > epoch || named >> 32 == epoch && (named & 0xFFFF_FFFF) >= end ?? .max
    }
}

extension TargetRoom.State {
    /// A document was read: what is new in it is followed from here on, and what is gone is over.
    ///
    /// One that comes back, as a database that was put back brings it, is followed further.
    mutating func follow(_ entry: TargetRoom.Entry) {
        var ids: Set<String> = []
        for pair in entry.faults {
            guard let experiment = pair[1]?["experimentId"]?.text, let id = pair[1]?["id"]?.text,
                id.hasPrefix(experiment + "/")
            else { continue }
            ids.insert(id)
            let begins = pair[1]?["notBefore"]?.double ?? 0
            if let place = tracks.firstIndex(where: { $0.id == id && $0.epoch == entry.epoch }) {
                tracks[place].end = nil
                tracks[place].begins = begins
                continue
            }
            tracks.append(
                FaultTrack(
                    experiment: experiment,
                    action: String(id.dropFirst(experiment.count + 1)),
                    qualifier: pair[0]?.text,
                    epoch: entry.epoch,
                    first: entry.change,
                    begins: begins,
                    bit: freeBit
                )
            )
        }
        for place in tracks.indices where tracks[place].end == nil {
            if tracks[place].epoch != entry.epoch || !ids.contains(tracks[place].id) {
                tracks[place].end = entry.change
            }
        }
    }

    /// 0 where none is.
    private var freeBit: UInt64 {
        let taken = tracks.reduce(0) { $0 | $1.bit }
        return ~taken & (taken &+ 1)
    }

    /// An instance names a version.
    ///
    /// What this node has not read yet is not judged: whether it holds a fault is seen when it has.
    mutating func hear(_ named: Int64, from record: inout InstanceRecord, at now: Instant) {
        record.named = named
        if named & 0xFFFF_FFFF > entry.change {
            hearsAhead = true
            return
        }
        for place in tracks.indices where record.held & tracks[place].bit == 0 && tracks[place].isHeld(named)
        {
            if let rejection = record.rejection, rejection.version == named,
                rejection.concerns(tracks[place].id)
            {
                record.refused |= tracks[place].bit
                continue
            }
            record.held |= tracks[place].bit
            record.refused &= ~tracks[place].bit
            tracks[place].firstHeldAt = tracks[place].firstHeldAt ?? now
            tracks[place].lastHeldAt = now
        }
    }

    /// The document has come to what some have named already.
    mutating func hearAgain(at now: Instant) {
        guard hearsAhead else { return }
        hearsAhead = false
        for name in instances.keys {
            guard var record = instances[name] else { continue }
            hear(record.named, from: &record, at: now)
            instances[name] = record
        }
    }

    /// An instance is forgotten; what it held it cannot inject any more.
    mutating func forget(_ record: InstanceRecord) {
        for place in tracks.indices where record.held & tracks[place].bit != 0 {
            tracks[place].forgotten += 1
        }
    }

    /// Ends the following of faults that nobody can inject any more.
    mutating func drop(_ faults: Set<String>) {
        let bits = tracks.reduce(0) { faults.contains($1.id) ? $0 | $1.bit : $0 }
        tracks.removeAll { faults.contains($0.id) }
        for (name, record) in instances where (record.held | record.refused) & bits != 0 {
            instances[name]?.held &= ~bits
            instances[name]?.refused &= ~bits
        }
        for name in readers.keys {
            readers[name]?.held &= ~bits
            readers[name]?.refused &= ~bits
            for id in faults { readers[name]?.reasons[id] = nil }
        }
    }
}

import Base
import Store
import Synchronization

/// One target as a node serves it: its document, and the instances that poll for it.
final class TargetRoom: Sendable {
    /// What was published and is not cleared.
    struct Entry: Equatable, Sendable {
        var change: Int64 = 0
        var epoch: Int64 = 0
        /// Pairs of a qualifier, or null, and a fault.
        var faults: [JSON] = []
        /// The runs whose faults in it are served only while their stop conditions are read.
        var guarded: [String] = []
    }

    /// By the name that the instance gave itself.
    typealias Instances = [String: InstanceRecord]

    /// By the parameter's name.
    typealias Readers = [String: ReaderRecord]

    struct State: Sendable {
        var entry = Entry() {
            didSet { served = [] }
        }
        /// What holds its faults back; nil where none is guarded.
        var hold: GuardHold?
        /// The entry as it was told since it is here.
        var served: [ServedDocument] = []
        var instances: Instances = [:]
        /// Those who read parameters.
        var readers: Readers = [:]
        /// What they are told.
        var readings: [KeptReading] = []
        /// The faults of which it is told how far they have come.
        var tracks: [FaultTrack] = []
        /// Whether an instance has named more than was read here.
        var hearsAhead = false
        /// Answers with a fault to instances that there was no memory for, and until when the last of them may be trusted.
        var untracked = 0
        var untrackedUntil = Instant(nanoseconds: .min)
        /// Those of them that were readings of parameters, and until when one may be acted upon.
        var untrackedReaders = 0
        var untrackedReadersUntil = Instant(nanoseconds: .min)
    }

    let key: TargetKey
    /// Whom to wake when the document changes; two targets with one would only be woken for nothing.
    let wakeKey: UInt64
    /// The last minute in which the target was noted as polled for.
    private let sightedMinute = Atomic<Int64>(.min)
    private let state = Locked(State())

    init(_ key: TargetKey) {
        self.key = key
        wakeKey = UInt64(bitPattern: Int64(key.hashValue))
    }

    var entry: Entry { state.withLock { $0.entry } }

    /// Whether nobody has asked this for the same minute yet; two who ask at once may both be told so.
    func isFirstSighting(in minute: Int64) -> Bool {
        if sightedMinute.load(ordering: .relaxed) == minute { return false }
        sightedMinute.store(minute, ordering: .relaxed)
        return true
    }

    func withState<Result>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }
}

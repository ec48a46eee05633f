import Base
import Store

/// What instances reported and no sample in the database has yet, and which reports were taken: the decisions, without a clock of its own.
struct TelemetryMemory: Sendable {
    /// Five seconds, or what is there of them yet.
    struct Slot: Sendable {
        /// When they began, for everybody.
        let at: Timestamp
        /// When this node opened it.
        let openedAt: Instant
        /// The number under which it is written.
        let batch: Int64
        fileprivate(set) var samples: [TargetKey: TelemetrySample] = [:]
    }

    /// How much is kept while the database is away: an hour, if it is not too much at a time.
    struct Limits: Sendable {
        var slots = 720
        var samples = 40_000
    }

    private let limits: Limits
    private let instances: InstanceCensus
    private let targets: InstanceCensus
    private var windows: [TargetKey: [String: ReportWindow]] = [:]
    private var open: Slot?
    /// Those that are over and not written, the oldest first.
    private(set) var closed: [Slot] = []
    /// Samples that were given up because there were too many, and that nobody asked about yet.
    private var lost = 0

    init(
        limits: Limits = Limits(),
        instances: InstanceCensus = InstanceCensus(),
        targets: InstanceCensus = InstanceCensus(limit: 20_000, accountLimit: 10_000)
    ) {
        self.limits = limits
        self.instances = instances
        self.targets = targets
    }

    var instanceCount: Int { instances.total }
    var waitingCount: Int { closed.reduce(0) { $0 + $1.samples.count } }

    /// Takes what counts of some reports into the slot of this moment.
    mutating func take(_ reports: [TelemetryReport], at now: Instant, _ time: Timestamp) -> TelemetryCounts {
        var counts = TelemetryCounts()
        if reports.isEmpty { return counts }
        close(at: now, time)
        var slot = open ?? Slot(at: time.slot, openedAt: now, batch: .random(in: 0 ... .max))
        // Only one of them has the samples, or adding to them would copy them.
        open = nil
        for report in reports {
            switch verdict(on: report, at: now, time) {
            case .taken:
                counts.taken += 1
                add(report, to: &slot)
            case .repeated: counts.repeated += 1
            case .tooOld, nil: counts.dropped += 1
            }
        }
        open = slot.samples.isEmpty ? nil : slot
        return counts
    }

    /// Nil where there is no room for another instance.
    private mutating func verdict(
        on report: TelemetryReport,
        at now: Instant,
        _ time: Timestamp
    ) -> ReportWindow.Verdict? {
        let (key, name) = (report.target, report.instance)
        if windows[key]?[name] == nil {
            let isNew = windows[key] == nil
            if isNew, !targets.admit(key.account) { return nil }
            guard instances.admit(key.account) else {
                if isNew { targets.leave(key.account, 1) }
                return nil
            }
            windows[key, default: [:]][name] = ReportWindow(since: report.since, at: now)
        }
        return windows[key]?[name]?.take(report.sequence, since: report.since, at: now, time)
    }

    private mutating func add(_ report: TelemetryReport, to slot: inout Slot) {
        let key = report.target
        let fresh = TelemetrySample(account: key.account, target: key.target, at: slot.at, batch: slot.batch)
        slot.samples[key, default: fresh].add(report)
        if windows[key]?[report.instance]?.isFirst(in: slot.batch) == true {
            slot.samples[key]?.instances += 1
        }
    }
}

extension TelemetryMemory {
    /// Closes the slot if it is over: by the deployment's time, or by this machine's own, should that stand still after it was set back.
    mutating func close(at now: Instant, _ time: Timestamp, isForced: Bool = false) {
        guard let slot = open else { return }
        if !isForced, slot.at == time.slot, now - slot.openedAt < TelemetrySample.length { return }
        open = nil
        closed.append(slot)
        var samples = waitingCount
        while closed.count > limits.slots || samples > limits.samples, !closed.isEmpty {
            let first = closed.removeFirst()
            samples -= first.samples.count
            lost += first.samples.count
        }
    }

    /// What is to be written next; it stays here until it is `written`.
    var next: Slot? { closed.first }

    /// That batch is in the database, or was given up.
    mutating func written(_ batch: Int64) { closed.removeAll { $0.batch == batch } }

    /// How many samples were given up since this was asked last.
    mutating func takeLost() -> Int {
        defer { lost = 0 }
        return lost
    }

    /// What is here of those targets and ends after a moment, and the numbers under which it is or will be written.
    func unwritten(
        of keys: Set<TargetKey>,
        since: Timestamp
    ) -> (batches: Set<Int64>, samples: [TelemetrySample]) {
        let slots = (closed + [open].compactMap(\.self)).filter { $0.at + TelemetrySample.length > since }
        let samples = slots.flatMap { slot in keys.compactMap { slot.samples[$0] } }
        return (Set(slots.map(\.batch)), samples)
    }

    /// The targets whose instances are remembered.
    var known: [TargetKey] { Array(windows.keys) }

    /// Forgets the instances of a target that said nothing for so long; what they say then is taken for new.
    mutating func forget(_ key: TargetKey, unseenFor age: Duration, at now: Instant) {
        guard let before = windows[key] else { return }
        let left = before.filter { now - $0.value.seenAt < age }
        if left.count == before.count { return }
        instances.leave(key.account, before.count - left.count)
        windows[key] = left.isEmpty ? nil : left
        if left.isEmpty { targets.leave(key.account, 1) }
    }
}

extension Timestamp {
    /// The beginning of the five seconds that it is in.
    var slot: Timestamp {
        let length = TelemetrySample.length.nanoseconds
        let rest = nanoseconds % length
        return Timestamp(nanoseconds: nanoseconds - (rest < 0 ? rest + length : rest))
    }
}

import Base
import Store

/// What injectors report, in the memory of this node until it is written: reports are taken without asking anybody.
final class Telemetry: Sendable {
    /// How long the numbers of an instance's reports are remembered after its last one.
    private static let memory: Duration = .seconds(900)

    let metrics = TelemetryMetrics()
    private let time: DeploymentTime
    private let clock: Clock
    private let kept: Locked<TelemetryMemory>

    init(time: DeploymentTime, clock: Clock, memory: TelemetryMemory = TelemetryMemory()) {
        self.time = time
        self.clock = clock
        kept = Locked(memory)
    }

    func take(_ reports: [TelemetryReport]) -> TelemetryCounts {
        let now = clock.now()
        // The time is asked for under the lock: no slot is opened after a later one.
        let counts = kept.withLock { $0.take(reports, at: now, time.now) }
        metrics.count(counts)
        return counts
    }

    /// What is to be written next, once it is over; with `isForced` also what is not over yet.
    func next(isForced: Bool = false) -> TelemetryMemory.Slot? {
        let now = clock.now()
        return kept.withLock { kept in
            kept.close(at: now, time.now, isForced: isForced)
            return kept.next
        }
    }

    func written(_ batch: Int64) { kept.withLock { $0.written(batch) } }

    func takeLost() -> Int { kept.withLock { $0.takeLost() } }

    func unwritten(
        of keys: Set<TargetKey>,
        since: Timestamp
    ) -> (batches: Set<Int64>, samples: [TelemetrySample]) {
        kept.withLock { $0.unwritten(of: keys, since: since) }
    }

    /// Forgets instances that are gone; target by target, so that reports get in between.
    func forget() {
        for key in kept.withLock({ $0.known }) {
            let now = clock.now()
            kept.withLock { $0.forget(key, unseenFor: Self.memory, at: now) }
        }
    }

    func add(to page: inout MetricsPage) {
        let (instances, waiting) = kept.withLock { ($0.instanceCount, $0.waitingCount) }
        metrics.add(to: &page, instances: instances, waiting: waiting)
    }
}

import Base
import Store

/// Writes what injectors reported, five seconds at a time, and makes the days that it is written to.
///
/// What cannot be written stays and is tried again; what is written twice counts once.
final class TelemetryKeeper: Sendable {
    private static let batch = 2_000
    /// How many days after today have their place already.
    private static let daysAhead = 2
    /// How often something is tried that fails though the database is well.
    private static let patience = 3

    private struct Progress: Sendable {
        /// The days that were made, or were there.
        var days: Set<TelemetryDay> = []
        var failures = 0
        /// How many samples go into a statement, as far as the database can do them in its time.
        var part = TelemetryKeeper.batch
    }

    private let telemetry: Telemetry
    private let database: Database
    private let node: String
    private let time: DeploymentTime
    private let log: Logger
    private let progress = Locked(Progress())

    init(telemetry: Telemetry, database: Database, node: String, time: DeploymentTime, log: Logger) {
        self.telemetry = telemetry
        self.database = database
        self.node = node
        self.time = time
        self.log = log
    }

    /// Writes whatever is over; at the end of the node what is not over as well.
    func turn(isLast: Bool = false) async throws(StoreError) {
        while let slot = telemetry.next(isForced: isLast) {
            do throws(StoreError) {
                try await write(slot)
                progress.withLock { $0.failures = 0 }
            } catch {
                tellLost()
                if error.isTemporary || error == .cancelled { throw error }
                // Somebody may have dropped the day: it is made again, and if that is not it, the rest shall not wait behind this.
                let failures = progress.withLock { progress in
                    progress.days = []
                    progress.failures += 1
                    return progress.failures
                }
                if failures < Self.patience { throw error }
                giveUp(slot, error)
            }
        }
        tellLost()
    }

    private func write(_ slot: TelemetryMemory.Slot) async throws(StoreError) {
        try await make([TelemetryDay(of: slot.at)])
        let samples = Array(slot.samples.values)
        var place = 0
        while place < samples.count {
            let size = progress.withLock { $0.part }
            let (part, node) = (Array(samples[place..<min(place + size, samples.count)]), node)
            do throws(StoreError) {
                let written = try await database.statement { transaction throws(StoreError) in
                    try transaction.telemetryWrite(part, node: node)
                }
                telemetry.metrics.wrote(written)
                place += part.count
            } catch {
                // Many samples with many faults take longer than a statement may: fewer of them, then.
                guard error.sqlState == .queryCancelled, part.count > 1 else { throw error }
                progress.withLock { $0.part = max(1, part.count / 4) }
            }
        }
        // What was slow for once need not stay so.
        progress.withLock { $0.part = min($0.part * 2, Self.batch) }
        telemetry.written(slot.batch)
    }

    /// Sees to it that today and the days after it have their place before anybody needs it.
    func makeDays() async throws(StoreError) {
        let now = time.now
        try await make((0...Self.daysAhead).map { TelemetryDay(of: now + .seconds(86_400 * $0)) })
    }

    private func make(_ days: [TelemetryDay]) async throws(StoreError) {
        for day in days where !progress.withLock({ $0.days.contains(day) }) {
            try await database.statement { transaction throws(StoreError) in
                try transaction.telemetryMakeDay(day)
            }
            progress.withLock { _ = $0.days.insert(day) }
        }
    }

    private func giveUp(_ slot: TelemetryMemory.Slot, _ error: StoreError) {
        telemetry.written(slot.batch)
        telemetry.metrics.gaveUp(slot.samples.count)
        progress.withLock { $0.failures = 0 }
        log.error(
            "telemetry not written, given up",
            .field("samples.count", slot.samples.count),
            .field("error", error)
        )
    }

    /// What there was no memory for while the database was away.
    private func tellLost() {
        let lost = telemetry.takeLost()
        if lost == 0 { return }
        telemetry.metrics.gaveUp(lost)
        log.error("telemetry lost, the database did not take it in time", .field("samples.count", lost))
    }
}

import Base
import Store

/// Drops old days of telemetry; what was measured around runs is copied first, and kept as long as the runs are.
final class TelemetryRetention: Sendable {
    /// How long everything is kept.
    static let kept: Duration = .seconds(7 * 86_400)

    /// How many runs are copied for in a statement.
    private let batch: Int
    private let database: Database
    private let time: DeploymentTime

    init(database: Database, time: DeploymentTime, batch: Int = 50) {
        self.database = database
        self.time = time
        self.batch = batch
    }

    /// Drops all days that ended longer ago than they are kept; says how many.
    @discardableResult
    func turn() async throws(StoreError) -> Int {
        let oldest = TelemetryDay(of: time.now + (.zero - Self.kept))
        let days = try await database.statement { transaction throws(StoreError) in
            try transaction.telemetryDays()
        }
        var dropped = 0
        for day in days where day < oldest && !Task.isCancelled {
            try await keep(day)
            try await database.statement { transaction throws(StoreError) in
                try transaction.telemetryDropDay(day)
            }
            dropped += 1
        }
        return dropped
    }

    /// Copies what the day has for runs, some of them at a time.
    private func keep(_ day: TelemetryDay) async throws(StoreError) {
        var (last, limit) = (String?.none, batch)
        while true {
            let (after, number) = (last, limit)
            do throws(StoreError) {
                last = try await database.statement { transaction throws(StoreError) in
                    try transaction.telemetryKeepForRuns(day, after: after, limit: number)
                }
                if last == nil { return }
            } catch {
                // Runs with many targets take long: fewer of them, then.
                guard error.sqlState == .queryCancelled, limit > 1 else { throw error }
                limit = max(1, limit / 4)
            }
        }
    }
}

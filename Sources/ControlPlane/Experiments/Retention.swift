import Base
package import Store

/// Forgets runs whose time of keeping is over, with their events.
package final class Retention: Sendable {
    /// Few enough that nobody waits long for a batch.
    private let batch: Int
    private let database: Database
    private let kept: Duration
    private let time: DeploymentTime
    private let metrics: RunMetrics

    package init(
        database: Database,
        kept: Duration,
        time: DeploymentTime,
        metrics: RunMetrics = RunMetrics(),
        batch: Int = 500
    ) {
        self.database = database
        self.kept = kept
        self.time = time
        self.metrics = metrics
        self.batch = batch
    }

    /// Forgets all that there are, a batch in a transaction; says how many.
    @discardableResult
    package func turn() async throws(StoreError) -> Int {
        let moment = time.now + (.zero - kept)
        var forgotten = 0
        while true {
            let batch = batch
            let number = try await database.statement { transaction throws(StoreError) in
                try transaction.experimentForget(endedBefore: moment, limit: batch)
            }
            forgotten += number
            metrics.add(.forgotten, number)
            if number < batch || Task.isCancelled { return forgotten }
        }
    }
}

import Base
package import Store

/// Seals the events of runs: what was recorded until now cannot be cut off unseen any more.
///
/// Any node may seal. Nothing is locked meanwhile: of two that make the next seal, the database takes one.
package final class EventSealer: Sendable {
    /// How many runs one seal covers at most.
    private let batch: Int
    private let database: Database
    private let time: DeploymentTime
    private let metrics: RunMetrics

    package init(
        database: Database,
        time: DeploymentTime,
        metrics: RunMetrics = RunMetrics(),
        batch: Int = 1_000
    ) {
        self.database = database
        self.time = time
        self.metrics = metrics
        self.batch = batch
    }

    /// Seals everything that is not sealed yet; says how many seals it took.
    ///
    /// Where another node is sealing, it does the rest too.
    @discardableResult
    package func turn() async throws(StoreError) -> Int {
        var written = 0
        while true {
            let batch = batch
            let ground = try await database.transaction(.snapshot) { transaction throws(StoreError) in
                try transaction.sealGround(limit: batch)
            }
            if ground.heads.isEmpty { return written }
            let seal = SealChain.next(after: ground, at: time.now)
            let isWritten = try await database.statement { transaction throws(StoreError) in
                try transaction.sealAppend(seal)
            }
            if isWritten {
                written += 1
                metrics.add(.seal)
            }
            if !isWritten || ground.heads.count < batch { return written }
        }
    }
}

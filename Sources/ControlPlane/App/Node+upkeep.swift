import Base
import Store

extension Node {
    /// Looks after the history of runs until the node stops: seals it, counts it, and forgets what is old.
    func startUpkeep(_ database: Database) {
        let (time, metrics) = (experiments.time, experiments.metrics)
        let sealer = EventSealer(database: database, time: time, metrics: metrics)
        let retention = Retention(
            database: database,
            kept: options.quotas.retention,
            time: time,
            metrics: metrics
        )
        let (sealing, forgetting) = (sealing, Ticker())
        keepRunning { await sealing.run(every: .seconds(10)) }
        keepRunning { await forgetting.run(every: .seconds(3_600)) }
        keepRunning { [self] in
            await repeated(sealing, failing: "events not sealed", again: "events are sealed again") {
                () throws(StoreError) in
                try await sealer.turn()
                metrics.counted(
                    try await database.statement { transaction throws(StoreError) in
                        try transaction.experimentCountActive()
                    }
                )
            }
        }
        keepRunning { [self] in
            let again: StaticString = "old runs are forgotten again"
            await repeated(forgetting, failing: "old runs not forgotten", again: again) {
                () throws(StoreError) in
                let forgotten = try await retention.turn()
                if forgotten > 0 { log.info("old runs forgotten", .field("runs.count", forgotten)) }
            }
        }
    }

    /// Does a piece of work at every tick, and logs its failure once until it works again.
    func repeated(
        _ ticker: Ticker,
        failing: StaticString,
        again: StaticString,
        _ work: @Sendable () async throws(StoreError) -> Void
    ) async {
        var isFailing = false
        for await _ in ticker.ticks {
            do throws(StoreError) {
                try await work()
                if isFailing { log.info(again) }
                isFailing = false
            } catch {
                if Task.isCancelled { return }
                if !isFailing { log.error(failing, .field("error", error)) }
                isFailing = true
            }
        }
    }
}

import Base
import Store

extension Node {
    /// A pool of its own for what drives and stops runs: no load of requests can keep it from the database.
    func openSafety(_ address: DatabaseAddress) throws(StoreError) -> Database {
        var pool = PoolLimits()
        pool.sessions = 4
        return try Database(address, pool: pool, application: "faultplane safety", log: log, clock: clock)
    }

    /// Drives runs until the node stops: when one is due, when somebody has changed one, and every second in any case.
    func startEngine(_ database: Database) {
        let reconciler = Reconciler(
            database: database,
            node: directory.nodeID,
            quotas: options.quotas,
            time: experiments.time,
            delivery: delivery,
            metrics: experiments.metrics,
            log: log
        )
        startCoverage(
            CoverageKeeper(
                keeper: RunKeeper(
                    database: database,
                    time: experiments.time,
                    metrics: experiments.metrics,
                    log: log
                ),
                delivery: delivery,
                node: directory.nodeID,
                nudge: experiments.nudge
            )
        )
        let ticker = engine
        keepRunning { await ticker.run(every: .seconds(1)) }
        keepRunning { [self] in await drive(reconciler, ticker) }
    }

    private func startCoverage(_ coverage: CoverageKeeper) {
        let counting = Ticker()
        keepRunning { await counting.run(every: .seconds(1)) }
        keepRunning { [self] in
            await repeated(counting, failing: "coverage not written", again: "coverage is written again") {
                () throws(StoreError) in
                try await coverage.turn()
            }
        }
    }

    private func drive(_ reconciler: Reconciler, _ ticker: Ticker) async {
        var isFailing = false
        var alarm: Task<Void, Never>?
        for await _ in ticker.ticks {
            alarm?.cancel()
            do throws(StoreError) {
                if experiments.time.takeRunBack() { try await reconciler.clockRanBack() }
                let next = try await reconciler.turn()
                alarm = next.map { due in Task { await ring(ticker, at: due) } }
                if isFailing { log.info("runs are driven again") }
                isFailing = false
            } catch {
                if !isFailing { log.error("runs not driven", .field("error", error)) }
                isFailing = true
            }
        }
        alarm?.cancel()
    }

    /// A run may be due before the next second.
    private func ring(_ ticker: Ticker, at due: Timestamp) async {
        let wait = due - experiments.time.now
        if wait > .seconds(1) { return }
        do {
            try await Task.sleep(for: max(wait, .zero))
            ticker.nudge()
        } catch {
            // Another look came first.
        }
    }
}

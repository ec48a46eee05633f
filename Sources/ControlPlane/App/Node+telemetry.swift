import Base
import Store

extension Node {
    /// Writes what injectors report until the node stops, and looks after the days that it is written to.
    func startTelemetry(_ database: Database) {
        let (telemetry, time, log) = (experiments.telemetry, experiments.time, log)
        let keeper = TelemetryKeeper(
            telemetry: telemetry,
            database: database,
            node: directory.nodeID,
            time: time,
            log: log
        )
        let retention = TelemetryRetention(database: database, time: time)
        let (writing, looking, forgetting) = (Ticker(), Ticker(), Ticker())
        keepRunning { await writing.run(every: .seconds(1)) }
        keepRunning { await looking.run(every: .seconds(600)) }
        keepRunning { await forgetting.run(every: .seconds(60)) }
        keepRunning { [self] in
            await repeated(writing, failing: "telemetry not written", again: "telemetry is written again") {
                () throws(StoreError) in
                try await keeper.turn()
            }
        }
        keepRunning { [self] in
            let again: StaticString = "days of telemetry are looked after again"
            await repeated(looking, failing: "days of telemetry not looked after", again: again) {
                () throws(StoreError) in
                try await keeper.makeDays()
                let dropped = try await retention.turn()
                if dropped > 0 { log.info("old telemetry dropped", .field("days.count", dropped)) }
            }
        }
        keepRunning { for await _ in forgetting.ticks { telemetry.forget() } }
        beforeStop {
            do throws(StoreError) {
                try await keeper.turn(isLast: true)
            } catch {
                log.error("the last telemetry not written", .field("error", error))
            }
        }
    }
}

import Base
import Store
import WebClient

extension Node {
    /// How many connections to outside those may take who try conditions.
    static let triedConnections = 32

    /// Guards have sources of their own: whoever tries conditions, however many, must not keep them from being read.
    static func makeSources(
        _ options: ServeOptions,
        _ experiments: ExperimentRuns,
        from database: DatabaseDoor,
        connections: Int = WebFleet.Rules().total,
        clock: Clock
    ) throws(Failure) -> ConditionSources {
        let time = experiments.time
        let telemetry = TelemetrySource(
            telemetry: experiments.telemetry,
            database: database,
            time: time,
            clock: clock
        )
        do throws(SystemError) {
            return try .outgoing(
                options.sources,
                alarms: AlarmSource(database: database, time: time),
                telemetry: telemetry,
                connections: connections,
                clock: clock
            )
        } catch {
            throw Failure("Nothing outside can be asked (\(error)).")
        }
    }

    /// A pool of its own for what looks at guards: many that go off at once must not keep a halt from the database.
    func openGuards(_ address: DatabaseAddress) throws(StoreError) -> Database {
        var pool = PoolLimits()
        pool.sessions = 3
        pool.queue = 4_096
        pool.wait = .seconds(10)
        return try Database(address, pool: pool, application: "faultplane guards", log: log, clock: clock)
    }

    /// Looks at the guards of runs until the node stops: those that are due, and at once where a run has just begun.
    func startGuards(_ database: Database) {
        let guards = GuardKeeper(
            keeper: RunKeeper(
                database: database,
                time: experiments.time,
                metrics: experiments.metrics,
                log: log
            ),
            sources: sources,
            delivery: delivery,
            metrics: experiments.guards.metrics,
            nudge: experiments.nudge
        )
        let looking = experiments.guards.looking
        keepRunning { await looking.run(every: guards.pace / 6) }
        keepRunning { [self] in
            await repeated(looking, failing: "guards not looked at", again: "guards are looked at again") {
                () throws(StoreError) in
                try await guards.turn()
            }
        }
        // A look waits for slow answers, and the next one must not wait for it.
        keepRunning {
            await withDiscardingTaskGroup { group in
                for await round in guards.rounds { group.addTask { await round.run() } }
            }
        }
    }
}

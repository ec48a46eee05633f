import Base
import HTTPServer
import Store

extension Node {
    /// How a node stands when it is first heard of.
    package enum Standing: Sendable {
        /// The first heartbeat is committed.
        case ready
        /// The database has not answered in time; the node serves what it can and keeps trying.
        case degraded(String)
    }

    /// Reaches for the database, and returns when the first heartbeat is committed or `patience` is over.
    ///
    /// What no waiting can mend (a newer schema, another deployment's database) is thrown, or handed to `onFatal` where
    /// it shows only later.
    package func boot(
        patience: Duration = .seconds(10),
        onFatal: @escaping @Sendable (Failure) -> Void
    ) async throws(Failure) -> Standing {
        let outcome = Outcome()
        keepRunning { [self] in await bootUntilDone(outcome, onFatal) }
        switch await outcome.first(within: patience) {
        case .success(let standing): return standing
        case .failure(let failure): throw failure
        }
    }

    private func bootUntilDone(_ outcome: Outcome, _ onFatal: @escaping @Sendable (Failure) -> Void) async {
        var backoff = Backoff(first: .milliseconds(100), limit: .seconds(5))
        while !Task.isCancelled {
            do throws(StoreError) {
                let pulse = try await prepare()
                startBackground(pulse)
                outcome.settle(.success(.ready))
                return
            } catch {
                state.failed(error.description)
                guard error.isTemporary else {
                    let failure = Failure(error.description)
                    if !outcome.settle(.failure(failure)) { onFatal(failure) }
                    return
                }
                log.warning("database not ready", .field("error", error))
                outcome.note(error.description)
            }
            guard (try? await Task.sleep(for: backoff.next())) != nil else { return }
        }
    }

    /// One attempt at everything between nothing and the first heartbeat.
    private func prepare() async throws(StoreError) -> Pulse {
        let address = try await databaseAddress()
        var opened: [Database] = []
        do throws(StoreError) {
            let database = try Database(address, log: log, clock: clock)
            opened.append(database)
            let pulseDatabase = try openPulse(address)
            opened.append(pulseDatabase)
            let safety = try openSafety(address)
            opened.append(safety)
            let guards = try openGuards(address)
            opened.append(guards)
            try await Migrator(binary: Self.version, log: log).migrate(database, at: clock.wall())
            let key = try await joinDeployment(database)
            let pulse = makePulse(pulseDatabase)
            // With its first beat the node counts as ready, and then nobody may find a door closed.
            identities.database.open(database)
            experiments.safety.open(safety)
            experiments.guards.database.open(guards)
            try await pulse.beat()
            try listen(address)
            writeCredentials(key)
            keep(opened)
            try await delivery.reader.turn()
            startEngine(safety)
            startGuards(guards)
            startDelivery(database)
            startUpkeep(database)
            startTelemetry(database)
            startHalt()
            return pulse
        } catch {
            for door in doors { door.shut() }
            for database in opened { database.close() }
            throw error
        }
    }

    private var doors: [DatabaseDoor] {
        [identities.database, experiments.safety, experiments.guards.database]
    }

    /// One session of its own, and little patience: a heartbeat that is late is none.
    private func openPulse(_ address: DatabaseAddress) throws(StoreError) -> Database {
        var pool = PoolLimits()
        pool.sessions = 1
        var limits = SessionLimits()
        limits.statement = .seconds(3)
        limits.silence = .seconds(2)
        return try Database(
            address,
            pool: pool,
            session: limits,
            application: "faultplane pulse",
            log: log,
            clock: clock
        )
    }

    private func databaseAddress() async throws(StoreError) -> DatabaseAddress {
        if let cluster { return try await cluster.start() }
        return try DatabaseAddress(options.databaseURL ?? "")
    }

    /// Hears of changes that other nodes make, a second before the heartbeat would.
    private func listen(_ address: DatabaseAddress) throws(StoreError) {
        let (ticker, reading) = (identities.ticker, delivery.reading)
        let channels = [Identities.channel, Delivery.channel]
        let listener = try Listener(on: address, channels: channels, log: log) { event in
            switch event {
            case .connected, .notified:
                ticker.nudge()
                reading.nudge()
            case .disconnected: break
            }
        }
        attach(listener)
    }

    private func makePulse(_ database: Database) -> Pulse {
        Pulse(
            database: database,
            heartbeat: Heartbeat(
                node: directory.nodeID,
                startedAt: clock.wall(),
                advertise: options.advertise ?? address.description,
                schemaVersion: Migrator.schemaVersion
            ),
            freshFor: options.lease,
            keys: identities.keys,
            parameters: experiments.parameters,
            state: state,
            time: experiments.time,
            halt: delivery.halt,
            seen: databaseMemory,
            clock: clock,
            log: log
        )
    }

    private func startBackground(_ pulse: Pulse) {
        let ticker = identities.ticker
        keepRunning { await ticker.run(every: .seconds(1)) }
        keepRunning { await pulse.run(nudges: ticker.ticks) }
    }
}

/// The first news of a start: ready, refused, or neither within the time.
private final class Outcome: Sendable {
    private struct Waiting {
        var result: Result<Node.Standing, Node.Failure>?
        var continuation: CheckedContinuation<Result<Node.Standing, Node.Failure>, Never>?
        var lastProblem = "the database has not answered"
    }

    private let waiting = Locked(Waiting())

    func note(_ problem: String) { waiting.withLock { $0.lastProblem = problem } }

    /// False where something was settled before.
    @discardableResult
    func settle(_ result: Result<Node.Standing, Node.Failure>) -> Bool {
        let (isFirst, continuation) = waiting.withLock { waiting in
            let isFirst = waiting.result == nil
            if isFirst { waiting.result = result }
            defer { waiting.continuation = nil }
            return (isFirst, isFirst ? waiting.continuation : nil)
        }
        continuation?.resume(returning: result)
        return isFirst
    }

    func first(within patience: Duration) async -> Result<Node.Standing, Node.Failure> {
        let timer = Task {
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            settle(.success(.degraded(waiting.withLock { $0.lastProblem })))
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            let settled = waiting.withLock { waiting in
                if waiting.result == nil { waiting.continuation = continuation }
                return waiting.result
            }
            if let settled { continuation.resume(returning: settled) }
        }
    }
}

package import Base
package import HTTPServer
import Store

/// One running server of the control plane: everything between its flags and its end.
///
/// It listens first and reaches for its database second, so that a port in use is known at once and a node whose
/// database is away can still be asked how it is.
package final class Node: Sendable {
    /// What the binary calls itself, in the database's book of migrations and in `--version`.
    package static let version = "0.1.0"

    package let address: SocketAddress
    package let state: NodeState
    let options: ServeOptions
    let directory: DataDirectory
    let identities: Identities
    let cluster: EmbeddedCluster?
    private let server: HTTPServer
    let experiments: ExperimentRuns
    /// Those that guards are read from, and nobody else.
    let sources: ConditionSources
    let databaseMemory: DatabaseMemory
    /// What waits for the disk, so that nobody else does.
    private let disk: WorkerThread
    /// Gives the reconciler its turns.
    let engine: Ticker
    /// Gives the sealer its turns.
    let sealing = Ticker()
    private let background = Locked(Background())
    private let listener = Locked<Listener?>(nil)

    /// What runs beside the server, and must end with it.
    private struct Background {
        var tasks: [Task<Void, Never>] = []
        var databases: [Database] = []
        /// What is left to do once nobody asks any more and the database is still there.
        var last: [@Sendable () async -> Void] = []
        /// What comes now is ended at once.
        var isStopped = false
    }

    /// Why a node cannot start, for the person at the terminal.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }
    }

    /// Binds and serves; `extraRoutes` join the API's own.
    package convenience init(
        _ options: ServeOptions,
        extraRoutes: [Route] = [],
        log: Logger,
        clock: Clock = .system
    ) throws(Failure) {
        try self.init(options, extraRoutes: extraRoutes, sources: nil, log: log, clock: clock)
    }

    /// The same with other sources of stop conditions than the options name.
    init(
        _ options: ServeOptions,
        extraRoutes: [Route] = [],
        sources: ConditionSources?,
        log: Logger,
        clock: Clock = .system
    ) throws(Failure) {
        self.options = options
        let directory = try Failure.explaining { () throws(DataDirectory.Failure) in
            try DataDirectory(options.dataDirectory)
        }
        let masterKey = try Failure.explaining { () throws(MasterKeyFailure) in
            try MasterKey.loadOrCreate(options.masterKeyPath ?? directory.masterKey)
        }
        self.directory = directory
        cluster = try Self.cluster(options, directory, log)
        state = NodeState(schemaVersion: Migrator.schemaVersion, clock: clock)
        identities = Identities(
            database: DatabaseDoor(),
            keys: KeyRing(masterKey: masterKey),
            masterKey: masterKey,
            firstAccount: options.account,
            region: options.region,
            ticker: Ticker(),
            clock: clock,
            log: log
        )
        let engine = Ticker()
        self.engine = engine
        let (waker, safety, time) = (Waker(), DatabaseDoor(), DeploymentTime(clock: clock))
        let disk = try Failure.using(directory.path) { () throws(SystemError) in
            try WorkerThread(name: "disk")
        }
        self.disk = disk
        let seen = try Failure.using(directory.databaseMemory) { () throws(SystemError) in
            try DatabaseMemory(directory.databaseMemory, on: disk, log: log)
        }
        databaseMemory = seen
        let halt = try Self.makeHalt(options, directory, masterKey, seen, disk, time, clock: clock, log: log)
        {
            waker.wake($0)
        }
        let parameters = Parameters(directory.bindings, on: disk, log: log)
        parameters.watch { halt.book.moved($0) }
        experiments = ExperimentRuns(
            database: identities.database,
            safety: safety,
            quotas: options.quotas,
            time: time,
            delivery: Delivery(halt: halt, seen: seen, database: safety),
            telemetry: Telemetry(time: time, clock: clock),
            parameters: parameters,
            firstAccount: options.account,
            nudge: { engine.nudge() },
            metrics: RunMetrics(),
            overlap: options.overlap,
            log: log
        )
        let tried: ConditionSources
        if let sources {
            (self.sources, tried) = (sources, sources)
        } else {
            let guarding = experiments.guards.database
            self.sources = try Self.makeSources(options, experiments, from: guarding, clock: clock)
            tried = try Self.makeSources(
                options,
                experiments,
                from: experiments.database,
                connections: Self.triedConnections,
                clock: clock
            )
        }
        let loops = options.loops ?? HTTPServer.processorCount
        let assembly = try Assembly(
            options,
            identities: identities,
            experiments: experiments,
            state: state,
            sources: tried,
            loops: loops,
            extraRoutes: extraRoutes
        )
        server = try Self.serve(options, loops, directory, assembly.api, log, clock)
        waker.attach(server)
        assembly.metrics.watch(server, assembly.api)
        address = server.address
        if let warning = options.warning { log.warning("exposed", .field("server.warning", warning)) }
    }

    var log: Logger { identities.log }
    var clock: Clock { identities.clock }

    /// Runs in the background until `stop`.
    func keepRunning(_ work: @escaping @Sendable () async -> Void) {
        let task = Task { await work() }
        let isTooLate = background.withLock { background in
            background.tasks.append(task)
            return background.isStopped
        }
        if isTooLate { task.cancel() }
    }

    /// Closes them when the node stops.
    func keep(_ opened: [Database]) {
        let isTooLate = background.withLock { background in
            background.databases += opened
            return background.isStopped
        }
        if isTooLate { for database in opened { database.close() } }
    }

    /// Does it between the last request and the end of the database.
    func beforeStop(_ work: @escaping @Sendable () async -> Void) {
        background.withLock { $0.last.append(work) }
    }

    func attach(_ started: Listener) { listener.withLock { $0 = started } }

    /// Wakes whoever waits for that key.
    package func wake(_ key: UInt64) { server.wake(key) }

    package var loopCounts: [LoopSnapshot] { server.counts }

    /// Ends everything in order: requests first, then the database under them.
    package func stop(within limit: Duration = .seconds(10)) async {
        await server.stop(within: limit)
        let ended = background.withLock { background in
            background.isStopped = true
            return background
        }
        for task in ended.tasks { task.cancel() }
        for work in ended.last { await work() }
        listener.withLock { $0 }?.stop()
        for database in ended.databases { database.close() }
        for task in ended.tasks { await task.value }
        await cluster?.stop()
        disk.stop()
    }
}

extension Node {
    private static func cluster(
        _ options: ServeOptions,
        _ directory: DataDirectory,
        _ log: Logger
    ) throws(Failure) -> EmbeddedCluster? {
        if options.databaseURL != nil { return nil }
        return try Failure.explaining { () throws(StoreError) in
            try EmbeddedCluster(dataFolder: directory.path, log: log)
        }
    }

    private static func serve(
        _ options: ServeOptions,
        _ loops: Int,
        _ directory: DataDirectory,
        _ api: API,
        _ log: Logger,
        _ clock: Clock
    ) throws(Failure) -> HTTPServer {
        var configuration = HTTPServer.Configuration(
            address: options.listen,
            controlPath: directory.controlSocket,
            loops: loops
        )
        configuration.clock = clock
        do throws(SystemError) {
            return try HTTPServer.start(configuration, responder: api, log: log)
        } catch {
            guard error.call == "bind" || error.call == "listen" else {
                throw Failure("Cannot serve (\(error)).")
            }
            throw Failure(
                "Cannot listen on \(options.listen) (\(error.reason)). "
                    + "If another server is there, stop it, or choose another port with --listen."
            )
        }
    }
}

extension Node.Failure {
    /// Runs a step of the start, and takes its error's own words.
    static func explaining<Value, Failure: Error & CustomStringConvertible>(
        _ step: () throws(Failure) -> Value
    ) throws(Node.Failure) -> Value {
        do throws(Failure) {
            return try step()
        } catch {
            throw Node.Failure(error.description)
        }
    }
}

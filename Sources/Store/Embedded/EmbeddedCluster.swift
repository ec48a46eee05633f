package import Base

/// A private PostgreSQL cluster that is made, run and ended by the server it serves.
///
/// It outlives a server that is killed: the next one takes it over as it is.
package actor EmbeddedCluster {
    /// Whether what is committed survives a power cut.
    ///
    /// Tests have nothing to lose, and start faster.
    package enum Durability: Sendable { case durable, disposable }

    private let thread: WorkerThread
    private let dataFolder: String
    private let systemFolder: String
    private let durability: Durability
    private let log: Logger
    private var supervisor: ClusterSupervisor?
    private var address: DatabaseAddress?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// The caller holds `dataFolder` for itself alone.
    ///
    /// `systemFolder` is where clusters go that belong to another user than the server's, which is so for root.
    package init(
        dataFolder: String,
        systemFolder: String = "/var/lib/faultplane",
        durability: Durability = .durable,
        log: Logger
    ) throws(StoreError) {
        do throws(SystemError) {
            thread = try WorkerThread(name: "cluster")
        } catch {
            throw .system(error)
        }
        self.dataFolder = dataFolder
        self.systemFolder = systemFolder
        self.durability = durability
        self.log = log
    }

    deinit { thread.stop() }

    /// Makes the cluster if need be, starts it or takes over the one that runs, and returns once it takes statements.
    ///
    /// From then on it is watched, and started again should it die; asked again, it only says where it is.
    package func start(within limit: Duration = .seconds(120)) throws(StoreError) -> DatabaseAddress {
        if let address { return address }
        let runner = try ClusterRunner(
            dataFolder: dataFolder,
            systemFolder: systemFolder,
            durability: durability
        )
        try runner.createIfMissing()
        let postmaster = if let running = adopt(runner) { running } else { try runner.launch() }
        let connector = ClusterConnector(layout: runner.layout, log: log)
        do throws(StoreError) {
            try connector.waitUntilReady(postmaster, within: limit, logEnd: runner.log)
            supervisor = try ClusterSupervisor(of: postmaster, runner: runner, log: log)
        } catch {
            _ = postmaster.stop(within: .seconds(5))
            throw error
        }
        let ready = try connector.address(database: ClusterConnector.database)
        address = ready
        return ready
    }

    /// Ends the cluster; what is committed is safe however it ends.
    package func stop(within limit: Duration = .seconds(30)) {
        supervisor?.stop(within: limit)
        supervisor = nil
        address = nil
    }

    /// The server that runs already, unless it is on its way out, which is waited for.
    private func adopt(_ runner: ClusterRunner) -> Postmaster? {
        guard let postmaster = Postmaster.running(runner.layout) else { return nil }
        let file = PostmasterFile.read(runner.layout.postmasterFile)
        guard let file, file.status != "stopping", file.socketFolder == runner.layout.socketFolder else {
            log.info("waiting for the last PostgreSQL to end", .field("process.id", postmaster.process.id))
            _ = postmaster.stop(within: .seconds(30))
            return nil
        }
        log.info("took over a running PostgreSQL", .field("process.id", postmaster.process.id))
        return postmaster
    }
}

import Base
import CLinux
import Glibc
import TestSupport
import Testing

@testable import Store

@Suite struct EmbeddedClusterTests {
    private let folder: ClusterFolder

    init() throws { folder = try ClusterFolder() }

    private func cluster(_ data: String = "/data", log: Logger = .quiet) throws -> EmbeddedCluster {
        try EmbeddedCluster(
            dataFolder: folder.path + data,
            systemFolder: folder.path + "/system",
            log: log
        )
    }

    private func layout(_ data: String = "/data") throws -> ClusterLayout {
        try ClusterLayout.locate(
            dataFolder: folder.path + data,
            systemFolder: folder.path + "/system",
            owner: try ClusterOwner.current()
        )
    }

    private func process(_ data: String = "/data") throws -> Int32 {
        try #require(PostmasterFile.read(try layout(data).postmasterFile)).process
    }

    private func withPool<Result>(
        _ address: DatabaseAddress,
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        var pool = PoolLimits()
        pool.wait = .seconds(10)
        let database = try Database(address, pool: pool, log: .quiet)
        defer { database.close() }
        return try await body(database)
    }

    @Test(arguments: [
        ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("data_checksums", "on"),
        ("listen_addresses", ""), ("server_encoding", "UTF8"), ("unix_socket_permissions", "0700"),
    ])
    func `a new cluster is durable, checked, and not on the network`(
        setting: String,
        value: String
    ) async throws {
        let cluster = try cluster()
        try await withPool(try await cluster.start()) { database in
            let found: String = try await database.value("SELECT current_setting(\(setting))")
            #expect(found == value)
        }
        await cluster.stop()
    }

    @Test func `asked to start again it says where it is, and starts nothing`() async throws {
        let cluster = try cluster()
        let first = try await cluster.start()
        let running = try process()
        #expect(try await cluster.start().description == first.description)
        #expect(try process() == running)
        await cluster.stop()
        #expect(PostmasterFile.read(try layout().postmasterFile) == nil)
    }

    @Test func `a running cluster is found from outside, and looking makes nothing`() async throws {
        let data = folder.path + "/data"
        #expect(try EmbeddedCluster.running(dataFolder: data)?.description == nil)
        #expect(!Files.exists(data))
        let cluster = try cluster()
        let started = try await cluster.start()
        let found = try #require(try EmbeddedCluster.running(dataFolder: data))
        #expect(found.description == started.description)
        try await withPool(found) { database in
            let one: Int = try await database.value("SELECT 1")
            #expect(one == 1)
        }
        await cluster.stop()
        #expect(try EmbeddedCluster.running(dataFolder: data)?.description == nil)
    }

    @Test func `what is committed is there after a stop, and the second start is quick`() async throws {
        let first = try cluster()
        try await withPool(try await first.start()) { database in
            try await database.run("CREATE TABLE t (n int)")
        }
        let process = try process()
        await first.stop()
        #expect(kill(process, 0) == -1 && errno == ESRCH)
        #expect(PostmasterFile.read(try layout().postmasterFile) == nil)

        let start = Instant.now
        let second = try cluster()
        let address = try await second.start()
        let took = Instant.now - start
        // Generous, for tests share their machine: a start that pauses blindly still shows.
        #expect(took < .seconds(3))
        try await withPool(address) { database in
            let found: Int = try await database.value("SELECT count(*) FROM t")
            #expect(found == 0)
        }
        await second.stop()
    }

    @Test func `a data folder may lie below a closed one, and its path be long`() async throws {
        let closed = folder.path + "/closed"
        try Files.makeFolder(closed, mode: 0o700)
        let long = "/closed/" + String(repeating: "long-", count: 40) + "/data"
        let cluster = try cluster(long)
        try await withPool(try await cluster.start()) { database in
            let found: Int = try await database.value("SELECT 1")
            #expect(found == 1)
        }
        await cluster.stop()
    }

    @Test func `the cluster belongs to a user without privileges, and its sockets to nobody else`()
        async throws
    {
        let cluster = try cluster()
        _ = try await cluster.start()
        let owner = try ClusterOwner.current()
        #expect(owner.user.id != 0)
        var status = stat()
        #expect(stat("/proc/\(try process())", &status) == 0)
        #expect(status.st_uid == owner.user.id)
        #expect(lstat(try layout().socketFolder, &status) == 0)
        #expect(status.st_uid == owner.user.id)
        #expect(status.st_mode & 0o777 == 0o700)
        await cluster.stop()
    }

    @Test func `a server killed with its data is followed by one that takes the cluster over`() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            let cluster = try EmbeddedCluster(
                dataFolder: path + "/data",
                systemFolder: path + "/system",
                log: Logger(sink: NoLog())
            )
            let database = try Database(try await cluster.start(), log: Logger(sink: NoLog()))
            _ = try await database.statement { transaction throws(StoreError) in
                try transaction.execute("CREATE TABLE t (n int)")
            }
            raise(SIGKILL)
        }
        let before = try process()
        let lines = MemoryLog()
        let cluster = try cluster(log: Logger(sink: lines))
        try await withPool(try await cluster.start()) { database in
            let found: Int = try await database.value("SELECT count(*) FROM t")
            #expect(found == 0)
        }
        #expect(try process() == before)
        #expect(lines.all.contains { $0.contains("took over a running PostgreSQL") })
        // One that was taken over is watched and ended like one of our own.
        await cluster.stop()
        #expect(Postmaster.running(try layout()) == nil)
        #expect(PostmasterFile.read(try layout().postmasterFile) == nil)
    }

    @Test func `killed under load it is started again, and nothing that was acknowledged is lost`()
        async throws
    {
        let lines = MemoryLog()
        let cluster = try cluster(log: Logger(sink: lines))
        let address = try await cluster.start()
        try await withPool(address) { database in
            try await database.run("CREATE TABLE t (n int PRIMARY KEY)")
            let acknowledged = Locked<[Int]>([])
            let isOver = Locked(false)
            defer { isOver.withLock { $0 = true } }
            let writers = (0..<4).map { writer in
                Task {
                    var n = writer
                    while !isOver.withLock({ $0 }) {
                        n += 4
                        if (try? await database.run("INSERT INTO t VALUES (\(n))")) != nil {
                            acknowledged.withLock { [n] in $0.append(n) }
                        }
                    }
                }
            }
            try await eventually("writes are acknowledged") { acknowledged.withLock { $0.count } > 50 }
            let before = try process()
            kill(before, SIGKILL)
            try await eventually("another runs") {
                guard let file = PostmasterFile.read(try layout().postmasterFile) else { return false }
                return file.process != before
            }
            let count = acknowledged.withLock { $0.count }
            try await eventually("writes are acknowledged again") {
                acknowledged.withLock { $0.count } > count + 50
            }
            isOver.withLock { $0 = true }
            for writer in writers { await writer.value }
            let kept = try await database.statement { transaction throws(StoreError) in
                try transaction.all("SELECT n FROM t") { row throws(StoreError) in try row.next(Int.self) }
            }
            #expect(Set(acknowledged.withLock { $0 }).subtracting(kept) == [])
        }
        #expect(lines.all.contains { $0.contains("PostgreSQL died") && $0.contains("signal 9") })
        await cluster.stop()
    }

    @Test func `a listener hears again after the cluster was restarted`() async throws {
        let cluster = try cluster()
        let address = try await cluster.start()
        let connections = Locked(0)
        let listener = try Listener(on: address, channels: ["changes"], log: .quiet) { event in
            if event == .connected { connections.withLock { $0 += 1 } }
        }
        try await eventually("it listens") { connections.withLock { $0 } == 1 }
        kill(try process(), SIGKILL)
        try await eventually("it listens again") { connections.withLock { $0 } == 2 }
        listener.stop()
        await cluster.stop()
    }

    @Test func `a number that has become another process's does not keep it from starting`() async throws {
        let first = try cluster()
        _ = try await first.start()
        let layout = try layout()
        let file = try #require(try Files.read(layout.postmasterFile))
        await first.stop()
        // What PostgreSQL would find after a crash of the machine: its file, and a stranger of the same user.
        let output = try FileDescriptor.open("/dev/null", O_WRONLY)
        let owner = try ClusterOwner.current()
        let stranger = try owner.command("/bin/sleep", ["60"]).start(output: output.raw)
        let rest = String(decoding: file, as: UTF8.self).split(separator: "\n", maxSplits: 1).last ?? ""
        try Files.replace(layout.postmasterFile, with: Array("\(stranger.id)\n\(rest)".utf8))
        try await owner.own(layout.postmasterFile)

        let second = try cluster()
        _ = try await second.start()
        #expect(try process() != stranger.id)
        await second.stop()
        try stranger.signal(SIGKILL)
        _ = stranger.reap()
    }

    @Test func `a running cluster can be copied by PostgreSQL's own tools`() async throws {
        let cluster = try cluster()
        _ = try await cluster.start()
        let copy = folder.path + "/copy"
        let tool =
            try ClusterRunner(
                dataFolder: folder.path + "/data",
                systemFolder: folder.path + "/system",
                durability: .durable
            ).binaries.folder + "/pg_basebackup"
        let socket = try layout().socketFolder
        let outcome = try Command(
            tool,
            ["-h", socket, "-U", "faultplane", "-D", copy, "-c", "fast", "--no-sync"]
        )
        .run(timeLimit: .seconds(30))
        #expect(outcome.output == "")
        #expect(Files.exists(copy + "/PG_VERSION"))
        await cluster.stop()
    }

    @Test func `another version's cluster is refused with both versions`() async throws {
        let first = try cluster()
        _ = try await first.start()
        await first.stop()
        try Files.replace(try layout().data + "/PG_VERSION", with: Array("99\n".utf8))
        let error = await #expect(throws: StoreError.self) { try await cluster().start() }
        guard case .cluster(.versionMissing(cluster: 99, let installed)) = error else {
            Issue.record("expected a missing version, got \(String(describing: error))")
            return
        }
        #expect(!installed.isEmpty)
    }

    @Test func `a cluster that cannot start says what its log says`() async throws {
        let first = try cluster()
        _ = try await first.start()
        await first.stop()
        let local = try layout().home + "/local.conf"
        try Files.replace(local, with: Array("shared_buffers = nonsense\n".utf8), mode: 0o644)
        let error = await #expect(throws: StoreError.self) { try await cluster().start() }
        guard case .cluster(.diedAtStart(let log)) = error else {
            Issue.record("expected a death at start, got \(String(describing: error))")
            return
        }
        #expect(log.contains("shared_buffers"))
    }
}

extension ClusterOwner {
    /// Gives the owner a file that this process wrote.
    fileprivate func own(_ path: String) async throws {
        _ = try retrying("chown") { chown(path, user.id, user.group) }
    }
}

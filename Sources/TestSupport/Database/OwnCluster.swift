import Base
import CLinux
import Glibc
import Store

/// A private PostgreSQL cluster for one test process, which ends and is removed with the process, however that ends.
final class OwnCluster: Sendable {
    let address: DatabaseAddress
    private let cluster: EmbeddedCluster
    private let watchdog: ProcessHandle

    static func start() async throws -> OwnCluster {
        let folder = "/tmp/faultplane-test-" + Random.token(8)
        try Files.makeFolder(folder, mode: 0o755)
        let watchdog = try startWatchdog(over: folder)
        let cluster = try EmbeddedCluster(
            dataFolder: folder + "/data",
            systemFolder: folder + "/system",
            durability: .disposable,
            log: .quiet
        )
        return OwnCluster(address: try await cluster.start(), cluster: cluster, watchdog: watchdog)
    }

    private init(address: DatabaseAddress, cluster: EmbeddedCluster, watchdog: consuming ProcessHandle) {
        self.address = address
        self.cluster = cluster
        self.watchdog = watchdog
    }

    /// Starts a process that waits for our end, which closes the pipe it reads, and then clears up.
    static func startWatchdog(over folder: String) throws -> ProcessHandle {
        let script = """
            read -r line
            for round in 1 2 3 4 5 6 7 8 9 10; do
                alive=
                for file in "$1"/*/*/cluster/postmaster.pid; do
                    [ -e "$file" ] && alive=1 && kill -QUIT "$(head -n 1 "$file")" 2>/dev/null
                done
                [ -z "$alive" ] && break
                sleep 0.2
            done
            rm -rf "$1"
            """
        let pipe = try Pipe()
        let output = try FileDescriptor.open("/dev/null", O_WRONLY)
        let watchdog = try Command("/bin/sh", ["-c", script, "sh", folder])
            .start(output: output.raw, input: pipe.readEnd.raw)
        // Left open for the kernel to close.
        _ = pipe.closeReadEnd().release()
        return watchdog
    }
}

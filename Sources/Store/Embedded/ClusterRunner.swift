import Base
import CLinux
import Glibc

/// What it takes to make and start one embedded cluster.
struct ClusterRunner: Sendable {
    let layout: ClusterLayout
    let owner: ClusterOwner
    let binaries: PostgresBinaries
    let durability: EmbeddedCluster.Durability

    var log: BoundedLog { BoundedLog(path: layout.log) }

    init(
        dataFolder: String,
        systemFolder: String,
        durability: EmbeddedCluster.Durability
    ) throws(StoreError) {
        owner = try ClusterOwner.current()
        layout = try ClusterLayout.locate(dataFolder: dataFolder, systemFolder: systemFolder, owner: owner)
        let cluster = try? Files.read(layout.data + "/PG_VERSION", limit: 64)
        binaries = try PostgresBinaries.choose(
            from: PostgresBinaries.installed(),
            cluster: cluster.flatMap { Int(String(decoding: $0, as: UTF8.self).prefix { $0.isNumber }) }
        )
        self.durability = durability
    }

    /// Makes the cluster where there is none.
    func createIfMissing() throws(StoreError) {
        try layout.makeFolders(for: owner)
        if Files.exists(layout.data) { return }
        try mustSucceed(Command("/bin/rm", ["-rf", layout.unfinished]))
        try ClusterLayout.makeFolder(layout.unfinished, mode: 0o700, user: owner.user)
        let sync = durability == .durable ? [] : ["--no-sync"]
        try mustSucceed(
            owner.command(
                binaries.initdb,
                [
                    "--pgdata=\(layout.unfinished)", "--username=faultplane", "--encoding=UTF8", "--locale=C",
                    "--data-checksums", "--auth-local=peer", "--auth-host=reject", "--no-instructions",
                ] + sync
            )
        )
        guard unsafe rename(layout.unfinished, layout.data) == 0 else {
            let error = SystemError(call: "rename")
            throw .cluster(.folderUnusable(path: layout.data, reason: error.reason))
        }
    }

    /// Starts PostgreSQL; it is not ready yet when this returns.
    func launch() throws(StoreError) -> Postmaster {
        try ClusterSettings(layout: layout, durability: durability).write(for: owner)
        try forgetStrangers()
        do throws(SystemError) {
            let output = try log.open()
            let arguments = ["-D", layout.data, "-c", "config_file=\(layout.settings)"]
            return Postmaster(try owner.command(binaries.postgres, arguments).start(output: output.raw))
        } catch {
            throw .system(error)
        }
    }

    /// Mends a `postmaster.pid` whose number has become another process's.
    ///
    /// PostgreSQL would refuse to start beside any living process of that number. The file is not removed: its other lines
    /// let PostgreSQL find out whether anything of the old server still uses the data. Called only when no server runs.
    private func forgetStrangers() throws(StoreError) {
        guard let file = PostmasterFile.read(layout.postmasterFile), Files.exists("/proc/\(file.process)")
        else {
            return
        }
        // No process has this number: the kernel's own limit is one lower.
        try mustSucceed(owner.command("/bin/sed", ["-i", "1s/.*/4194305/", layout.postmasterFile]))
    }

    private func mustSucceed(_ command: Command) throws(StoreError) {
        let name = command.path + " " + command.arguments.joined(separator: " ")
        let outcome: Command.Outcome
        do throws(SystemError) {
            outcome = try command.run(timeLimit: .seconds(120))
        } catch {
            throw .cluster(.commandFailed(command: name, output: error.description))
        }
        guard outcome.isSuccess else {
            throw .cluster(.commandFailed(command: name, output: outcome.output))
        }
    }
}

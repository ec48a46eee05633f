import Base
import CLinux
import Glibc

/// Where the parts of an embedded cluster are.
///
/// The home belongs to the server's user, who writes the settings and the log there; only the cluster and the socket folder in
/// it belong to the cluster's owner, who may be another.
struct ClusterLayout: Equatable, Sendable {
    let home: String
    let socketFolder: String

    var data: String { home + "/cluster" }
    /// Where a cluster is made before it gets its name, so that one half made is never taken for one.
    var unfinished: String { home + "/cluster.new" }
    var settings: String { home + "/postgresql.conf" }
    var access: String { home + "/pg_hba.conf" }
    var users: String { home + "/pg_ident.conf" }
    var log: String { home + "/postgres.log" }
    var postmasterFile: String { data + "/postmaster.pid" }

    /// PostgreSQL names its socket `.s.PGSQL.5432`, and the kernel takes paths of up to 107 bytes.
    static func isShortEnough(socketFolder: String) -> Bool {
        socketFolder.utf8.count + "/.s.PGSQL.5432".utf8.count <= 107
    }
}

extension ClusterLayout {
    /// Finds the cluster's place, or makes one and notes in the data folder where it is.
    ///
    /// `systemFolder` is where clusters go whose owner could not enter the data folder.
    static func locate(
        dataFolder: String,
        systemFolder: String,
        owner: ClusterOwner
    ) throws(StoreError) -> ClusterLayout {
        do throws(SystemError) {
            try Files.makeFolder(dataFolder)
            let dataFolder = try absolute(dataFolder)
            let home: String
            if owner.isSwitched {
                try Files.makeFolder(systemFolder, mode: 0o755)
                let made = systemFolder + "/" + Random.token(10, alphabet: Alphabets.lower)
                home = try noted(in: dataFolder + "/cluster.location", otherwise: made)
            } else {
                home = dataFolder + "/postgres"
            }
            var socketFolder = home + "/socket"
            if !isShortEnough(socketFolder: socketFolder) {
                let made = "/tmp/faultplane-" + Random.token(16)
                socketFolder = try noted(in: dataFolder + "/socket.location", otherwise: made)
            }
            return ClusterLayout(home: home, socketFolder: socketFolder)
        } catch {
            throw .cluster(.folderUnusable(path: dataFolder, reason: error.reason))
        }
    }

    /// Finds the place of a cluster that was made before; nil where there is none.
    ///
    /// Makes and notes nothing.
    static func existing(dataFolder: String, owner: ClusterOwner) throws(StoreError) -> ClusterLayout? {
        do throws(SystemError) {
            guard Files.exists(dataFolder) else { return nil }
            let dataFolder = try absolute(dataFolder)
            let home =
                owner.isSwitched ? try noted(in: dataFolder + "/cluster.location") : dataFolder + "/postgres"
            guard let home else { return nil }
            let short = home + "/socket"
            let socketFolder =
                isShortEnough(socketFolder: short) ? short : try noted(in: dataFolder + "/socket.location")
            return socketFolder.map { ClusterLayout(home: home, socketFolder: $0) }
        } catch {
            throw .cluster(.folderUnusable(path: dataFolder, reason: error.reason))
        }
    }

    /// Makes the folders, and refuses ones that somebody else could have put there.
    func makeFolders(for owner: ClusterOwner) throws(StoreError) {
        try Self.makeFolder(home, mode: owner.isSwitched ? 0o711 : 0o700, user: owner.server)
        try Self.makeFolder(socketFolder, mode: 0o700, user: owner.user)
    }

    /// Makes a folder of that user's; one that exists must be theirs already.
    static func makeFolder(_ path: String, mode: UInt32, user: SystemUser) throws(StoreError) {
        do throws(SystemError) {
            if unsafe mkdir(path, mode) == 0 {
                // The mask of this process may have taken bits away.
                _ = try retrying("chmod") { unsafe chmod(path, mode) }
                _ = try retrying("chown") { unsafe chown(path, user.id, user.group) }
            } else if errno != EEXIST {
                throw SystemError(call: "mkdir")
            }
            var status = stat()
            _ = try retrying("lstat") { unsafe lstat(path, &status) }
            guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user.id,
                status.st_mode & 0o022 == 0
            else { throw SystemError(call: "lstat", code: EPERM) }
        } catch {
            throw .cluster(.folderUnusable(path: path, reason: error.reason))
        }
    }

    /// The path a file names; where there is none yet, it names `otherwise` from now on.
    private static func noted(in file: String, otherwise path: String) throws(SystemError) -> String {
        if let noted = try noted(in: file) { return noted }
        try Files.replace(file, with: Array((path + "\n").utf8))
        return path
    }

    private static func noted(in file: String) throws(SystemError) -> String? {
        guard let bytes = try Files.read(file, limit: 4_096), bytes.first == UInt8(ascii: "/") else {
            return nil
        }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func absolute(_ path: String) throws(SystemError) -> String {
        guard let resolved = unsafe realpath(path, nil) else { throw SystemError(call: "realpath") }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

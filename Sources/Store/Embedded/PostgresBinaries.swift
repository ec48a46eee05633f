import Base
import CLinux
import Glibc

/// An installed PostgreSQL: where its programs are, and which major version they are.
struct PostgresBinaries: Equatable, Sendable {
    static let oldestMajor = 15

    let folder: String
    let major: Int

    var postgres: String { folder + "/postgres" }
    var initdb: String { folder + "/initdb" }

    /// Which of those installed to use: the cluster's own version where there is a cluster, else the newest.
    static func choose(
        from installed: [PostgresBinaries],
        cluster: Int?
    ) throws(StoreError) -> PostgresBinaries {
        let usable = installed.filter { $0.major >= oldestMajor }
        guard let newest = usable.max(by: { $0.major < $1.major }) else {
            throw .cluster(.notInstalled(oldest: oldestMajor))
        }
        guard let cluster else { return newest }
        guard let same = installed.first(where: { $0.major == cluster }) else {
            throw .cluster(.versionMissing(cluster: cluster, installed: usable.map(\.major)))
        }
        return same
    }

    /// Those of this machine, looked for where distributions, `pg_config` and `PATH` have them.
    static func installed() -> [PostgresBinaries] {
        var folders = versioned.map { "/usr/lib/postgresql/\($0)/bin" }
        if let output = try? Command("/usr/bin/pg_config", ["--bindir"]).run(timeLimit: .seconds(5)),
            output.isSuccess
        {
            folders.append(String(output.output.prefix { !$0.isNewline }))
        }
        folders += environment("PATH").split(separator: ":").map(String.init)
        var seen: Set<String> = []
        return folders.filter { seen.insert($0).inserted }.compactMap(PostgresBinaries.init(in:))
    }

    private init?(in folder: String) {
        self.init(folder: folder, major: 0)
        guard Files.exists(postgres), Files.exists(initdb),
            let outcome = try? Command(postgres, ["--version"]).run(timeLimit: .seconds(5)),
            outcome.isSuccess, let major = Self.major(in: outcome.output)
        else { return nil }
        self.init(folder: folder, major: major)
    }

    init(folder: String, major: Int) {
        self.folder = folder
        self.major = major
    }

    /// The version in `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    static func major(in text: String) -> Int? {
        guard let mark = text.firstRange(of: "(PostgreSQL) ") else { return nil }
        return Int(text[mark.upperBound...].prefix { $0.isNumber })
    }

    private static var versioned: [Int] {
        guard let folder = unsafe opendir("/usr/lib/postgresql") else { return [] }
        defer { _ = unsafe closedir(folder) }
        var versions: [Int] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if let version = Int(name) { versions.append(version) }
        }
        return versions
    }

    private static func environment(_ name: String) -> String {
        guard let value = unsafe getenv(name) else { return "" }
        return unsafe String(cString: value)
    }
}

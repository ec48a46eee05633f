import Base
import Glibc
import TestSupport

/// Servers bring a PostgreSQL along, so only a few of them live at a time.
private let turnstile = Turnstile(3)

/// Lends a place for a server's data, on a thread that may block; what grew there is removed afterwards.
func withDataFolder(_ body: @Sendable (DataFolder) async throws -> Void) async throws {
    try await turnstile.pass {
        try await onThread {
            let place = try DataFolder()
            defer { place.removeCluster() }
            try await body(place)
        }
    }
}

/// Lends a running server with a cluster of its own.
func withServer(
    _ arguments: [String] = [],
    _ body: @Sendable (Server, DataFolder) async throws -> Void
) async throws {
    try await withDataFolder { place in
        let server = try await place.start(arguments)
        _ = try server.port()
        try await body(server, place)
        _ = try server.stop()
    }
}

/// Lends a running server on a database of the tests' own cluster, which is much quicker to have.
func withServerOnTestDatabase(
    _ arguments: [String] = [],
    _ body: @Sendable (Server, DataFolder) async throws -> Void
) async throws {
    try await withTestDatabase { database in
        let url = try await database.url()
        try await withServer(["--database-url", url] + arguments, body)
    }
}

/// Where one server, or several one after the other, keep their data.
final class DataFolder: Sendable {
    let scratch: Scratch
    let path: String
    var logPath: String { scratch.path + "/log" }

    init(below: String = "data") throws {
        scratch = try Scratch()
        path = scratch.path + "/" + below
    }

    func start(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        limits: String = ":"
    ) async throws -> Server {
        try await Server(
            arguments,
            folder: path,
            logPath: logPath,
            environment: environment,
            limits: limits
        )
    }

    /// Where PostgreSQL's own files are; started by root they are not below the data folder.
    var clusterHome: String {
        get throws {
            guard let bytes = try Files.read(path + "/cluster.location") else { return path + "/postgres" }
            return String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self)
        }
    }

    /// The number of the PostgreSQL server that runs on it; nil where there is none.
    var postmaster: Int32? {
        get throws {
            guard let bytes = try Files.read(try clusterHome + "/cluster/postmaster.pid") else { return nil }
            return Int32(String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self))
        }
    }

    func removeCluster() {
        guard let home = try? clusterHome else { return }
        // The file outlives a server that was killed, and its number may be another process's by now.
        if let id = try? postmaster, let process = try? ProcessHandle(of: id),
            Program.currentFolder(of: id) == home + "/cluster"
        {
            try? process.signal(SIGQUIT)
            _ = try? process.wait(until: .now + .seconds(10))
        }
        if home.hasPrefix("/var/lib/faultplane/") {
            _ = try? Command("/bin/rm", ["-rf", home]).run(timeLimit: .seconds(30))
        }
    }
}

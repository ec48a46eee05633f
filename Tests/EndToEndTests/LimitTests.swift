import Base
import Glibc
import TestSupport
import Testing

/// A machine that gives little: descriptors, disk.
@Suite(.timeLimit(.minutes(3))) struct LimitTests {
    @Test func `with few descriptors the server turns connections away, and the operator still gets in`()
        async throws
    {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let server = try await place.start(["--database-url", url], limits: "ulimit -n 256")
                let port = try server.port()
                var open: [RawClient] = []
                for _ in 0..<400 { open.append(try RawClient(port: port, timeLimit: .seconds(10))) }
                let me = try Program.run(["whoami", "--data-dir", place.path])
                #expect(me.code == 0, "\(me)")
                let keys = try Program.run(["key", "list", "--data-dir", place.path])
                #expect(keys.code == 0, "\(keys)")
                let halt = try Program.run(["stop-all", "--reason", "full", "--data-dir", place.path])
                #expect(halt.code == 0 && halt.output.contains("\nrecorded    on disk and"), "\(halt)")
                open = []
                #expect(try server.get("/readyz").status == 200)
                #expect(try server.stop() == .exited(0))
            }
        }
    }

    @Test func `10,000 idle connections stay, and every one of them is served when it asks`() async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let server = try await place.start(["--database-url", url, "--log-sample", "0"])
                let port = try server.port()
                try #require(Self.descriptorLimit >= 10_500, "raise the descriptor limit (ulimit -Hn)")
                var idle: [RawClient] = []
                for _ in 0..<10_000 { idle.append(try RawClient(port: port, timeLimit: .seconds(30))) }
                let isFull = try await holds(within: .seconds(20)) {
                    try Self.openConnections(server) >= 10_000
                }
                #expect(isFull)
                for client in idle { try client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n") }
                for client in idle { #expect(try client.response()?.status == 200) }
                #expect(try Self.openConnections(server) >= 10_000)
                #expect(try server.stop() == .exited(0))
            }
        }
    }

    @Test func `the quotas are those that the server was told`() async throws {
        try await withServerOnTestDatabase(["--quota", "experiments=1,hours=1,actions=2"]) { server, _ in
            let steps = [("A", "PT1M", [String]()), ("B", "PT1M", [])]
            let id = try server.template(steps)
            let body: JSON = ["clientToken": "first", "experimentTemplateId": .string(id)]
            #expect(try server.control("POST", "/experiments", body).status == 200)
            let again: JSON = ["clientToken": "second", "experimentTemplateId": .string(id)]
            let refused = try server.control("POST", "/experiments", again)
            #expect(refused.status == 402 && refused.json?["__type"] == "ServiceQuotaExceededException")
            #expect(refused.json?["message"]?.text?.contains("1 may be active at once") == true)
            #expect(throws: Trouble.self) { _ = try server.template(steps + [("C", "PT1M", [])]) }
        }
    }

    private static func openConnections(_ server: Server) throws -> Int {
        let page = try server.askControl("/metrics").text
        return page.split(separator: "\n").filter { $0.hasPrefix("faultplane_connections_open{") }
            .reduce(0) { $0 + (Int($1.drop { $0 != " " }.dropFirst()) ?? 0) }
    }

    /// How many descriptors this process may have, once it takes all it may.
    private static var descriptorLimit: Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    @Test func `a full disk at the first start is said, with the file that could not be made`() async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let server = try await place.start(["--database-url", url], limits: try fullDisk(at: place))
                let path = place.path
                #expect(try server.ended() == .exited(1))
                #expect(
                    server.log == "faultplane: The data directory \(path) cannot be used "
                        + "(write: No space left on device).\n"
                )
            }
        }
    }

    @Test func `a disk that fills up under a server stops neither it nor its stopping`() async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                // Room for its own files, and a shell that fills the rest once they are there.
                let limits =
                    try disk(at: place, size: "512k") + """
                        ; { while [ ! -e "$DATA/credentials" ]; do sleep 0.1; done
                        cat /dev/zero >"$DATA/filler"; : >"$MARK"; } 2>/dev/null & :
                        """
                let mark = place.scratch.path + "/full"
                let server = try await place.start(
                    ["--database-url", url],
                    environment: ["DATA": place.path, "MARK": mark],
                    limits: limits
                )
                _ = try server.port()
                #expect(await holds(within: .seconds(20)) { Files.exists(mark) })
                let seen = "/proc/\(server.process.id)/root\(place.path)"
                let made = try Program.run([
                    "key", "create", "--role", "viewer", "--name", "full", "--data-dir", seen,
                ])
                #expect(made.code == 0, "\(made)")
                let halt = try Program.run(["stop-all", "--reason", "full", "--data-dir", seen])
                #expect(halt.code == 0 && halt.output.contains("\nrecorded    on disk and"), "\(halt)")
                #expect(try server.get("/readyz").status == 200)
                #expect(try server.stop() == .exited(0))
            }
        }
    }

    @Test func `a full disk under the database is said, and over once there is room`() async throws {
        try await withDataFolder { place in
            let limits =
                try disk(at: place, size: "8m") + """

                    mkdir -p /var/lib/faultplane 2>/dev/null
                    """
            let home = geteuid() == 0 ? "/var/lib/faultplane" : place.path
            let server = try await place.start(
                limits: limits + "; mount -t tmpfs -o size=110m none \(home) || exit 97"
            )
            let token = try server.port() > 0 ? adminToken(of: server, place) : ""
            let filler = "/proc/\(server.process.id)/root\(home)/filler"
            _ = try Command("/bin/sh", ["-c", "exec cat /dev/zero >\(filler)"]).run(timeLimit: .seconds(30))

            var answer = try server.post("/v1/keys", Self.body, as: token)
            let isFull = try await holds(within: .seconds(60)) {
                answer = try server.post("/v1/keys", Self.body, as: token)
                return answer.status != 200
            }
            #expect(isFull)
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
            #expect(answer.json?["message"]?.text == "The database's disk is full.", "\(answer.text)")
            #expect(try server.get("/v1/whoami", as: token).status == 200)
            #expect(try Command("/bin/rm", [filler]).run(timeLimit: .seconds(10)).isSuccess)
            let isBack = try await holds(within: .seconds(30)) {
                try server.post("/v1/keys", Self.body, as: token).status == 200
            }
            #expect(isBack)
            #expect(try server.stop() == .exited(0))
        }
    }

    private static let body = #"{"role":"viewer","name":"\#(String(repeating: "x", count: 128))"}"#

    private func adminToken(of server: Server, _ place: DataFolder) throws -> String {
        try Server.token(in: "/proc/\(server.process.id)/root\(place.path)")
    }

    /// Shell commands that give the server a small disk of its own, which nobody else sees and which ends with it.
    private func disk(at place: DataFolder, size: String) throws -> String {
        try Files.makeFolder(place.path)
        let user = geteuid() == 0 ? "" : "--user --map-root-user"
        return """
            [ -n "$INSIDE" ] || INSIDE=1 exec unshare \(user) --mount sh -c "$SCRIPT" sh "$@"
            mount -t tmpfs -o size=\(size) none '\(place.path)' || exit 97
            """
    }

    private func fullDisk(at place: DataFolder) throws -> String {
        try disk(at: place, size: "16k") + "; cat /dev/zero >'\(place.path)/filler' 2>/dev/null"
    }
}

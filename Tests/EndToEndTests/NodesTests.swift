import Base
import Glibc
import TestSupport
import Testing

/// Several servers on one database.
@Suite(.timeLimit(.minutes(5))) struct NodesTests {
    private let way = CrashMatrixTests.ways[0]

    /// Lends two servers that share a database, the first with that in its environment.
    private func withTwo(
        _ environment: [String: String] = [:],
        _ body: @Sendable (Server, Server) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let first = try await place.start(["--database-url", url], environment: environment)
                _ = try first.port()
                let beside = try DataFolder()
                let key = ["--master-key", place.path + "/master.key"]
                let second = try await beside.start(["--database-url", url] + key)
                _ = try second.port()
                try await body(first, second)
                #expect(try first.stop() == .exited(0))
                #expect(try second.stop() == .exited(0))
            }
        }
    }

    @Test func `runs started on two nodes at once each go through their changes once`() async throws {
        try await withTwo { first, second in
            let drills = [RunDrill(first), RunDrill(second)]
            let template = try drills[0].prepare(way)
            let count = 30
            let runs = (0..<count).compactMap { number in
                drills[number % 2].start(way, template, token: "run-\(number)")
            }
            #expect(Set(runs).count == count)
            for (number, run) in runs.enumerated() {
                // Each is looked at on the node it was not started on.
                let drill = drills[(number + 1) % 2]
                let ended = try drill.poll(run) { $0 == "completed" || $0 == "failed" }
                #expect(ended["state"]?["status"]?.text == "completed", "\(ended)")
                try drill.checkHistory(of: ended)
            }
            try await drills[0].checkDocument()
        }
    }

    @Test func `a node frozen in the middle of a step writes nothing when it wakes up`() async throws {
        try await withTwo(["FAULTPLANE_FAILPOINT": "reconcile.claimed:1:stop"]) { first, second in
            let drill = RunDrill(second)
            let template = try drill.prepare(way)
            let run = try #require(drill.start(way, template, token: "run"))
            // Left alone, the first is the one that takes the run's end up, and freezes over it.
            try second.process.signal(SIGSTOP)
            let isFrozen = try await holds(within: .seconds(20)) { try first.isFrozen }
            try second.process.signal(SIGCONT)
            try #require(isFrozen)

            let ended = try drill.poll(run) { $0 == "completed" || $0 == "failed" }
            #expect(ended["state"]?["status"]?.text == "completed", "\(ended)")
            let events = try drill.ask("GET", "/experiments/\(run)/events")
            try first.process.signal(SIGCONT)
            let isBack = try await holds(within: .seconds(20)) {
                try first.askControl("/readyz").status == 200
            }
            #expect(isBack)
            // Its turn is over once it has driven another run.
            let next = try #require(RunDrill(first).start(way, template, token: "next"))
            _ = try RunDrill(first).poll(next) { $0 == "completed" }
            #expect(try drill.ask("GET", "/experiments/\(run)/events") == events)
            try drill.checkHistory(of: ended)
            try await drill.checkDocument()
        }
    }
}

extension Server {
    /// Whether all of it is stopped, as by `kill -STOP`.
    fileprivate var isFrozen: Bool {
        get throws {
            let stat = String(decoding: try Files.read("/proc/\(process.id)/stat") ?? [], as: UTF8.self)
            return stat.drop { $0 != ")" }.dropFirst(2).hasPrefix("T")
        }
    }
}

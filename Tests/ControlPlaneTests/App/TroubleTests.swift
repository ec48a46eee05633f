import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A node whose database is away, busy or newer: it says so, refuses in time, and never hangs.
@Suite(.timeLimit(.minutes(10))) struct TroubleTests {
    private static let unavailable = "ServiceUnavailableException"

    @Test func `a node without a database listens, says what is wrong, and lets the operator in`()
        async throws
    {
        try await onThread {
            let folder = TemporaryFolder()
            let plane = try Plane(folder: folder, url: "host='\(folder.path)' user='nobody' dbname='none'")
            try await plane.run {
                let standing = try await plane.node.boot(patience: .seconds(5)) { _ in }
                guard case .degraded("the database cannot be reached") = standing else {
                    return #expect(Bool(false), "\(standing)")
                }
                #expect(try plane.ask(Ask("GET", "/healthz")).text == #"{"status":"ok"}"#)
                let ready = try plane.ask(Ask("GET", "/readyz"))
                #expect(ready.status == 503)
                #expect(ready.json?["ready"] == .bool(false))
                let database = ready.json?["checks"]?["database"]?.text ?? ""
                #expect(database.hasPrefix("the database has not answered since the start, "))
                #expect(database.hasSuffix(" s ago (the database cannot be reached)"))
                #expect(ready.json?["checks"]?["schema"]?.text == "not known before the database answers")
                try refusals(plane)
                #expect(!Files.exists(folder.path + "/credentials"))
            }
        }
    }

    private func refusals(_ plane: Plane) throws {
        let unread =
            "The keys have not been read yet, because the database has not answered since the server started. "
            + "The control socket on the machine itself needs no key."
        for proof in [Ask.Proof.nothing, .bearer("FPAAAAAAAAAAAAAAAAAA.secret")] {
            let refused = try plane.ask(Ask("GET", "/v1/keys", as: proof))
            #expect(refused.failure == .init(503, Self.unavailable, unread))
        }
        #expect(try plane.askControl(Ask("GET", "/v1/whoami")).status == 200)
        let keys = try plane.askControl(Ask("GET", "/v1/keys"))
        #expect(keys.failure == .init(503, Self.unavailable, "The database is not up yet."))
        #expect(try plane.askControl(Ask("GET", "/metrics")).text.contains("\nfaultplane_ready 0\n"))
    }

    @Test func `when all sessions are busy the next is refused in time, and the node stays ready`()
        async throws
    {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                let ask = Ask("GET", "/v1/keys", as: try plane.admin.bearer)
                try await withThrowingTaskGroup(of: Answer.self) { group in
                    // Eight sessions wait for the lock, and the other four requests for a session.
                    try await database.withTableLocked("access_keys") {
                        for _ in 0..<12 { group.addTask { try await onThread { try plane.ask(ask) } } }
                        let told = "Too many requests are waiting for the database."
                        for _ in 0..<4 {
                            let refused = try await group.next()
                            #expect(refused?.failure == .init(503, Self.unavailable, told))
                        }
                        #expect(try plane.ask(Ask("GET", "/readyz")).status == 200)
                        #expect(try plane.ask(Ask("GET", "/v1/whoami", as: ask.proof)).status == 200)
                    }
                    for try await answer in group { #expect(answer.status == 200, "\(answer.text)") }
                }
            }
        }
    }

    @Test func `a running node that meets a newer schema says so`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                #expect(try plane.ask(Ask("GET", "/readyz")).status == 200)
                try await database.schemaPretendNewer()
                var ready = try plane.ask(Ask("GET", "/readyz"))
                let isSeen = try await holds(within: .seconds(10)) {
                    ready = try plane.ask(Ask("GET", "/readyz"))
                    return ready.status == 503
                }
                #expect(isSeen)
                let known = Migrator.schemaVersion
                #expect(ready.json?["checks"]?["database"]?.text == "ok")
                #expect(
                    ready.json?["checks"]?["schema"]?.text
                        == "the database has schema \(known + 1), and this version knows \(known): "
                        + "it serves no faults until it is replaced by the newer version"
                )
            }
        }
    }
}

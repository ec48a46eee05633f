import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What a node makes of the database it finds.
@Suite(.timeLimit(.minutes(10))) struct NodeStartTests {
    /// What a node says that gives up its start; nil where it does not.
    private func refusal(
        url: String,
        folder: TemporaryFolder = TemporaryFolder(),
        _ change: (inout ServeOptions) -> Void = { _ in }
    ) async throws -> String? {
        let plane = try Plane(folder: folder, url: url, change)
        var told: String?
        try await plane.run {
            do throws(ControlPlane.Node.Failure) {
                _ = try await plane.node.boot(patience: .seconds(30)) { _ in }
            } catch {
                told = error.description
            }
        }
        return told
    }

    @Test func `another master key is refused`() async throws {
        try await withDatabaseURL { _, url in
            let first = try Plane(url: url)
            try await first.run { try await first.boot() }
            let told = try await refusal(url: url)
            #expect(
                told == "the master key is not the one this database was set up with; "
                    + "give this node the file that the other nodes use (--master-key)"
            )
        }
    }

    @Test func `another first account is refused`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            let first = try Plane(folder: folder, url: url)
            try await first.run { try await first.boot() }
            let told = try await refusal(url: url) {
                $0.masterKeyPath = folder.path + "/master.key"
                $0.account = required(AccountID("999999999999"))
            }
            #expect(
                told == "the database was set up with first account 000000000000, not 999999999999; "
                    + "start with --account 000000000000"
            )
        }
    }

    @Test func `another lease is refused while a node is fresh, and taken when none is`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            let first = try Plane(folder: folder, url: url) { $0.lease = .seconds(3) }
            func refused() async throws -> String? {
                try await refusal(url: url) {
                    $0.masterKeyPath = folder.path + "/master.key"
                    $0.lease = .seconds(5)
                }
            }
            try await first.run {
                try await first.boot()
                let told = try await refused()
                #expect(
                    told == "the deployment's lease is 3.0 s and nodes are running with it; "
                        + "stop them all before starting with 5.0 s"
                )
            }
            let isTaken = try await holds(within: .seconds(20)) { try await refused() == nil }
            #expect(isTaken)
        }
    }

    @Test func `a database of a later version is refused`() async throws {
        try await withDatabaseURL { database, url in
            try await database.schemaPretendNewer()
            let known = Migrator.schemaVersion
            let told = try await refusal(url: url)
            #expect(
                told
                    == "the database has schema \(known + 1), and this version knows schemas up to \(known); "
                    + "run the newer version that made it, or restore a backup from before"
            )
        }
    }

    @Test func `an empty database is brought up to date`() async throws {
        try await withEmptyDatabase { database in
            let url = try await database.url()
            try await onThread {
                let plane = try Plane(url: url)
                try await plane.run {
                    try await plane.boot()
                    #expect(try plane.ask(Ask("GET", "/v1/whoami", as: plane.admin.signature)).status == 200)
                }
            }
        }
    }

    @Test func `nodes that start at once make one first key, and each writes it`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            _ = try MasterKey.loadOrCreate(folder.path + "/shared.key")
            let planes = try (0..<3).map { _ in
                try Plane(url: url) { $0.masterKeyPath = folder.path + "/shared.key" }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for plane in planes { group.addTask { try await plane.boot() } }
                try await group.waitForAll()
            }
            #expect(Set(try planes.map { try $0.admin.id }).count == 1)
            let keys = try planes[0].askControl(Ask("GET", "/v1/keys")).json?["keys"]?.elements
            #expect(keys?.count == 1)
            for plane in planes {
                let answer = try plane.ask(Ask("GET", "/v1/whoami", as: try planes[0].admin.signature))
                #expect(answer.status == 200)
            }
            for plane in planes { try await plane.run {} }
        }
    }

    @Test func `a revocation reaches every node within two seconds`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            let first = try Plane(folder: folder, url: url)
            try await first.run {
                try await first.boot()
                let second = try Plane(url: url) { $0.masterKeyPath = folder.path + "/master.key" }
                try await second.run {
                    try await second.boot()
                    let key = try first.key(.viewer)
                    let use = Ask("GET", "/v1/whoami", as: key.bearer)
                    let isKnown = try await holds(within: .seconds(2)) { try second.ask(use).status == 200 }
                    #expect(isKnown)
                    let revoked = try first.askControl(Ask("DELETE", "/v1/keys/\(key.id)"))
                    #expect(revoked.status == 200)
                    #expect(try first.ask(use).status == 403)
                    let isOver = try await holds(within: .seconds(2)) { try second.ask(use).status == 403 }
                    #expect(isOver)
                }
            }
        }
    }
}

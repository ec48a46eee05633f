import Base
import TestSupport
import Testing

@testable import ControlPlane

/// The first admin's credentials: written once, mended after a crash, and never against an operator's will.
@Suite(.timeLimit(.minutes(10))) struct CredentialsOfNodeTests {
    /// Runs a node on that folder from start to stop.
    private func live(
        _ folder: TemporaryFolder,
        _ url: String,
        _ body: (Plane) throws -> Void = { _ in }
    ) async throws {
        let plane = try Plane(folder: folder, url: url)
        try await plane.run {
            try await plane.boot()
            try body(plane)
        }
    }

    private func file(in folder: TemporaryFolder) throws -> (mode: UInt32, bytes: [UInt8])? {
        try Files.readWithMode(folder.path + "/credentials")
    }

    private func remove(_ path: String) throws {
        #expect(try Command("/bin/rm", [path]).run(timeLimit: .seconds(5)).isSuccess)
    }

    @Test func `they are made once, for the owner alone, and left alone afterwards`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            try await live(folder, url)
            let made = try #require(try file(in: folder))
            #expect(made.mode == 0o600)
            let own = made.bytes + Array("# the operator's own note\n".utf8)
            try Files.replace(folder.path + "/credentials", with: own)
            try await live(folder, url)
            #expect(try file(in: folder)?.bytes == own)
        }
    }

    @Test func `they are made again where a crash came between key and file`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            try await live(folder, url)
            let made = try #require(try file(in: folder))
            try remove(folder.path + "/credentials")
            try await live(folder, url) { plane in
                let keys = try plane.askControl(Ask("GET", "/v1/keys")).json?["keys"]?.elements
                #expect(keys?.count == 1)
            }
            #expect(try file(in: folder)?.bytes == made.bytes)
        }
    }

    @Test func `they are not made again once the first key is revoked`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            try await live(folder, url) { plane in
                let id = try plane.admin.id
                #expect(try plane.askControl(Ask("DELETE", "/v1/keys/\(id)")).status == 200)
            }
            try remove(folder.path + "/credentials")
            try await live(folder, url) { plane in
                #expect(plane.log.all.contains { $0.contains("no credentials written") })
                let keys = try plane.askControl(Ask("GET", "/v1/keys")).json?["keys"]?.elements
                #expect(keys?.count == 1)
            }
            #expect(try file(in: folder) == nil)
        }
    }
}

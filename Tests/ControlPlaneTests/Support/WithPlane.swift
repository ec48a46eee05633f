import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Nodes bring threads and sessions along, so only a few of them live at a time.
private let turnstile = Turnstile(4)

/// Lends a migrated database by its URL, on a thread that may block.
func withDatabaseURL(_ body: @Sendable (Database, String) async throws -> Void) async throws {
    try await turnstile.pass {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await onThread { try await body(database, url) }
        }
    }
}

/// Lends a node that is ready, stops it afterwards, and looks through all that it logged.
func withPlane(
    extraRoutes: [Route] = [],
    sources: ConditionSources? = nil,
    _ change: @Sendable (inout ServeOptions) -> Void = { _ in },
    _ body: @Sendable (Plane) async throws -> Void
) async throws {
    try await withDatabaseURL { _, url in
        let plane = try Plane(url: url, extraRoutes: extraRoutes, sources: sources, change)
        try await plane.run {
            try await plane.boot()
            try await body(plane)
        }
    }
}

extension Plane {
    /// Runs a test, stops the node however it ends, and looks through all that it logged.
    func run(_ body: () async throws -> Void) async throws {
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        await node.stop(within: .seconds(2))
        checkLog()
        try outcome.get()
    }

    /// Every line is a JSON object with what every line has, and none holds a secret.
    func checkLog() {
        var secrets = secrets.withLock { $0 }
        if let admin = try? admin { secrets.append(admin.secret) }
        if let key = try? Files.read(node.directory.masterKey) {
            secrets.append(String(decoding: key.prefix { $0 > 32 }, as: UTF8.self))
        }
        for line in log.all {
            let names = (try? JSON(parsing: Array(line.utf8)))?.members?.map(\.name) ?? []
            #expect(names.prefix(3) == ["ts", "level", "msg"], "\(line)")
            #expect(line.hasSuffix("\n") && line.dropLast().allSatisfy { !$0.isNewline }, "\(line)")
            for secret in secrets { #expect(!line.contains(secret), "a secret in: \(line)") }
        }
    }
}

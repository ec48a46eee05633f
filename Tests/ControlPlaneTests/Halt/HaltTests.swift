import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A halt that needs nothing but the node: no database, no other node, and what is left of it after a restart.
@Suite(.timeLimit(.minutes(10))) struct HaltTests {
    private static let halt = Ask("POST", "/emergency-stop", ["reason": "smoke"])
    private static let path = "/v1/faults/checkout?instance=i-1"

    /// Runs a node on that folder from start to stop; a URL of none leads nowhere.
    private func live<Result: Sendable>(
        _ folder: TemporaryFolder,
        _ url: String? = nil,
        _ body: (Plane) async throws -> Result
    ) async throws -> Result {
        let plane = try Plane(folder: folder, url: url ?? "host='\(folder.path)' user='nobody' dbname='none'")
        let result = Locked<Result?>(nil)
        try await plane.run {
            if url != nil { try await plane.boot() }
            let made = try await body(plane)
            result.withLock { $0 = made }
        }
        return try #require(result.withLock { $0 })
    }

    @Test func `a node whose database was never there halts, and records it once it is`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            let engagement = try await live(folder) { cut in
                _ = try await cut.node.boot(patience: .milliseconds(10)) { _ in }
                let proof = try cut.askControl(Self.halt)
                #expect(proof.status == 200 && proof.json?["status"] == "engaging", "\(proof.text)")
                #expect(proof.json?["durable"] == ["latch": true, "database": false])
                #expect(proof.json?["nodes"]?["known"] == 2 && proof.json?["nodes"]?["confirmed"] == 1)
                #expect(proof.json?["offBy"] == .null, "nobody knows of nodes that may start")
                let poll = try cut.askControl(Ask("GET", Self.path))
                #expect(poll.headers["etag"] == "\"4294967296\"" && poll.json?["faults"] == [])
                return proof.json?["engagementId"]?.text
            }
            try await live(folder, url) { whole in
                try await whole.waitUntilEngaged()
                let proof = try whole.ask("GET", "/emergency-stop")
                #expect(proof.json?["engagementId"]?.text == engagement && proof.json?["reason"] == "smoke")
                #expect(proof.json?["durable"] == ["latch": true, "database": true])
                #expect(proof.json?["epoch"] == 2 && proof.json?["offBy"]?.double != nil)
                let over: JSON = ["state": ["status": "disengaged", "reason": "over"]]
                #expect(try whole.ask("PATCH", "/safetyLevers/default/state", over).status == 200)
            }
            try await live(folder, url) { again in
                let lever = try again.lever()
                #expect(lever == ["status": "disengaged", "reason": "over"])
            }
        }
    }

    @Test func `a latch holds from the first moment of the next life`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            try await live(folder, url) { first in
                let stop = try first.ask("POST", "/emergency-stop", ["reason": "smoke"])
                #expect(stop.status == 200)
            }
            try await live(folder) { second in
                let poll = try second.askControl(Ask("GET", Self.path))
                #expect(poll.json?["version"] == 8_589_934_592, "\(poll.text)")
            }
        }
    }

    @Test func `a latch that cannot be read holds everything back`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            try Files.replace("\(folder.path)/latch", with: [UInt8](repeating: 7, count: 9_000))
            let plane = try Plane(folder: folder, url: url)
            try await plane.run {
                try await plane.boot()
                try await plane.waitUntilEngaged()
                let reason = try plane.lever()?["reason"]?.text ?? ""
                #expect(reason.hasPrefix("The latch file is damaged;"), "\(reason)")
            }
        }
    }

    @Test func `a database that has forgotten heartbeats is a restored one`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                let id = try await plane.delaying()
                try await database.forgetBeats()
                try await plane.wait(for: "stopped", of: id)
                try await plane.waitUntilEngaged()
                let reason = try plane.lever()?["reason"]?.text ?? ""
                #expect(
                    reason.hasPrefix("The database was restored or lost commits: it numbers"),
                    "\(reason)"
                )
                let isTold = try await plane.soon {
                    try plane.ask(Ask("GET", "/readyz")).json?["checks"]?["history"]?.text == reason
                }
                #expect(isTold)
                #expect(try plane.ask(Ask("GET", "/readyz")).status == 200)
                #expect(try plane.ask("GET", Self.path).json?["version"]?.whole ?? 0 >= 2 << 32)
            }
        }
    }

    @Test func `the proof knows who held a fault, who confirmed, and who is off by when`() async throws {
        try await withPlane({ $0.lease = .seconds(60) }) { plane in
            _ = try await plane.delaying()
            let given = try ["i-1", "i-2", "i-3"].map { name in
                try plane.ask("GET", "/v1/faults/checkout?instance=\(name)").headers["etag"] ?? ""
            }
            // One that never held a fault has nothing to confirm.
            #expect(try plane.ask("GET", "/v1/faults/other?instance=i-4").status == 200)
            let proof = try plane.ask("POST", "/emergency-stop", ["reason": "smoke"])
            let before = proof.json?["instances"]
            #expect(before?["known"] == 3 && before?["confirmed"] == 0 && before?["silentCount"] == 3)
            let silent = try #require(before?["silent"]?.elements)
            #expect(silent.count == 3 && silent.allSatisfy { $0["target"]?.text == Sample.arn })
            #expect(Set(silent.compactMap { $0["instance"]?.text }) == ["i-1", "i-2", "i-3"])
            let offBy = try #require(proof.json?["offBy"]?.double)
            #expect(silent.allSatisfy { $0["offBy"]?.double ?? .infinity <= offBy + 0.01 }, "\(proof.text)")

            for (name, held) in zip(["i-1", "i-2"], given) {
                let path = "/v1/faults/checkout?instance=\(name)"
                var ask = Ask("GET", path, as: try plane.admin.bearer)
                ask.headers = ["If-None-Match: \(held)"]
                let told = try plane.ask(ask)
                #expect(told.json?["faults"] == [], "naming the old version confirms nothing")
                ask.headers = ["If-None-Match: \(told.headers["etag"] ?? "")"]
                #expect(try plane.ask(ask).status == 304)
            }
            let after = try plane.ask("GET", "/emergency-stop").json?["instances"]
            #expect(after?["confirmed"] == 2 && after?["silentCount"] == 1 && after?["off"] == 0)
            #expect(after?["silent"]?[0]?["instance"] == "i-3")
        }
    }

    @Test func `a node that was started again does not claim to know who holds a fault`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            try await live(folder, url) { first in
                _ = try await first.delaying()
                let told = try first.ask("GET", Self.path)
                #expect(told.json?["faults"]?.elements?.count == 1)
            }
            try await live(folder, url) { second in
                let proof = try second.ask("POST", "/emergency-stop", ["reason": "smoke"])
                #expect(proof.json?["instances"]?["nodesNotAsked"] == 1, "\(proof.text)")
            }
        }
    }

    @Test func `other accounts' instances are counted and not named`() async throws {
        try await withPlane { plane in
            _ = try await plane.delaying()
            #expect(try plane.ask("GET", Self.path).status == 200)
            let theirs = try plane.key(.operator, account: try plane.account("222222222222")).bearer
            let stop = try plane.ask(Ask("POST", "/emergency-stop", as: theirs, ["reason": "smoke"]))
            #expect(stop.json?["instances"]?["silentCount"] == 1)
            #expect(stop.json?["instances"]?["silent"] == [])
        }
    }
}

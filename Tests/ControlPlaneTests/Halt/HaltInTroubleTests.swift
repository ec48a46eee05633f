import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A halt while nothing else works: a database that hangs, one that lets nobody in, sessions that are all taken.
@Suite(.timeLimit(.minutes(10))) struct HaltInTroubleTests {
    private static let halt = Ask("POST", "/emergency-stop", ["reason": "smoke"])
    private static let path = "/v1/faults/checkout?instance=i-1"

    /// What must be true at once, whatever the database does.
    private func expectHalted(_ plane: Plane, _ proof: Answer) throws {
        #expect(proof.status == 200 && proof.json?["status"] == "engaging", "\(proof.text)")
        #expect(proof.json?["durable"] == ["latch": true, "database": false])
        let poll = try plane.askControl(Ask("GET", Self.path))
        #expect(poll.json?["faults"] == [] && poll.json?["epoch"] == 2, "\(poll.text)")
    }

    @Test func `the database hangs`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                let id = try await plane.delaying()
                var ask = Self.halt
                ask.proof = try plane.admin.bearer
                try await database.withTableLocked("safety_lever") {
                    let proof = try plane.ask(ask)
                    try expectHalted(plane, proof)
                    #expect(proof.json?["offBy"] == .null)
                }
                try await plane.waitUntilEngaged()
                try await plane.wait(for: "stopped", of: id)
                let proof = try plane.ask("GET", "/emergency-stop")
                #expect(proof.json?["durable"] == ["latch": true, "database": true])
                #expect(proof.json?["offBy"]?.double != nil && proof.json?["epoch"] == 2)
            }
        }
    }

    @Test func `the database lets nobody in`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                _ = try await plane.delaying()
                var ask = Self.halt
                ask.proof = try plane.admin.bearer
                try await database.withNobodyLetIn {
                    let isShut = try await plane.soon { try plane.ask(Ask("GET", "/readyz")).status == 503 }
                    #expect(isShut)
                    try expectHalted(plane, try plane.ask(ask))
                }
                try await plane.waitUntilEngaged()
            }
        }
    }

    @Test func `every session and every place in the queue is taken`() async throws {
        try await withDatabaseURL { database, url in
            let plane = try Plane(url: url)
            try await plane.run {
                try await plane.boot()
                let id = try await plane.delaying()
                let (busy, halt) = (
                    Ask("GET", "/v1/keys", as: try plane.admin.bearer),
                    Ask(
                        "POST",
                        "/emergency-stop",
                        as: try plane.admin.bearer,
                        ["reason": "smoke", "wait": 20]
                    )
                )
                try await withThrowingTaskGroup(of: Answer.self) { group in
                    try await database.withTableLocked("access_keys") {
                        for _ in 0..<12 { group.addTask { try await onThread { try plane.ask(busy) } } }
                        for _ in 0..<4 { #expect(try await group.next()?.status == 503) }
                        let proof = try plane.ask(halt)
                        #expect(proof.json?["status"] == "engaged", "\(proof.text)")
                        #expect(proof.json?["durable"] == ["latch": true, "database": true])
                    }
                    try await group.waitForAll()
                }
                #expect(try plane.status(id) == "stopped")
            }
        }
    }
}

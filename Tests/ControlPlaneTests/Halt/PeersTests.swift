import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// Two nodes of one deployment and a halt: told directly, and by the database where they cannot be.
@Suite(.timeLimit(.minutes(10))) struct PeersTests {
    private static let path = "/v1/faults/checkout?instance=i-1"

    /// Runs two nodes on one database that share a master key.
    private func withPair(
        _ change: @Sendable (inout ServeOptions) -> Void = { _ in },
        _ body: @Sendable (Plane, Plane) async throws -> Void
    ) async throws {
        try await withDatabaseURL { _, url in
            let first = try Plane(url: url, change)
            try await first.run {
                try await first.boot()
                let key = first.node.directory.masterKey
                let second = try Plane(url: url) { options in
                    change(&options)
                    options.masterKeyPath = key
                }
                try await second.run {
                    try await second.boot()
                    let known = try await first.soon {
                        first.node.delivery.halt.peers.all.count == 1
                            && second.node.delivery.halt.peers.all.count == 1
                    }
                    try #require(known)
                    try await body(first, second)
                }
            }
        }
    }

    @Test func `a halt is everywhere when it is answered, and every node has it on its disk`() async throws {
        try await withPair({ $0.lease = .seconds(3) }) { first, second in
            _ = try await first.delaying()
            #expect(
                try await second.soon { try second.askControl(Ask("GET", Self.path)).text.contains("Delay") }
            )
            let proof = try first.ask("POST", "/emergency-stop", ["reason": "smoke", "wait": 20])
            #expect(proof.json?["nodes"] == ["known": 2, "confirmed": 2, "silent": []], "\(proof.text)")
            #expect(second.node.delivery.halt.disk.epoch == 2)
            #expect(try second.askControl(Ask("GET", Self.path)).json?["faults"] == [])
        }
    }

    @Test func `a node that is cut from the database halts all the same, and its peers with it`() async throws
    {
        try await withPair { first, second in
            _ = try await second.delaying()
            first.node.experiments.safety.close()
            let proof = try first.askControl(Ask("POST", "/emergency-stop", ["reason": "smoke"]))
            #expect(proof.status == 200 && proof.json?["durable"]?["latch"] == true, "\(proof.text)")
            let isConfirmed = try await first.soon {
                let proof = try first.askControl(Ask("GET", "/emergency-stop"))
                return proof.json?["nodes"] == ["known": 2, "confirmed": 2, "silent": []]
            }
            #expect(isConfirmed)
            #expect(try second.askControl(Ask("GET", Self.path)).json?["faults"] == [])
            // The other node records it, and stops the runs.
            let isRecorded = try await second.soon {
                try second.askControl(Ask("GET", "/emergency-stop")).json?["status"] == "engaged"
            }
            #expect(isRecorded)
        }
    }

    @Test func `an instance that confirms to another node is confirmed`() async throws {
        try await withPair({ $0.lease = .seconds(60) }) { first, second in
            _ = try await first.delaying()
            #expect(try first.askControl(Ask("GET", Self.path)).text.contains("Delay"))
            let before = try first.askControl(Ask("POST", "/emergency-stop", ["reason": "smoke"]))
            #expect(before.json?["instances"]?["silentCount"] == 1, "\(before.text)")
            var ask = Ask("GET", Self.path)
            let told = try second.askControl(ask)
            ask.headers = ["If-None-Match: \(told.headers["etag"] ?? "")"]
            #expect(try second.askControl(ask).status == 304)
            for plane in [first, second] {
                let proof = try plane.askControl(Ask("GET", "/emergency-stop")).json?["instances"]
                #expect(proof?["known"] == 1 && proof?["confirmed"] == 1 && proof?["silentCount"] == 0)
                #expect(proof?["nodesNotAsked"] == 0)
            }
        }
    }

    @Test func `those who read a parameter on another node are in the proof`() async throws {
        try await withPair { first, second in
            _ = try await first.delaying()
            let name: JSON = ["Name": "/faultplane/failure-lambda/checkout"]
            let isTold = try await second.soon {
                try second.askControl(.reading("GetParameter", name)).parameterValue["latency"] != nil
            }
            #expect(isTold)
            let proof = try first.askControl(Ask("POST", "/emergency-stop", ["reason": "smoke"]))
            let readers = proof.json?["instances"]?["withoutLease"]
            #expect(readers?[0]?["parameter"] == "/faultplane/failure-lambda/checkout", "\(proof.text)")
            #expect(readers?[0]?["dialect"] == "failure-lambda" && readers?[0]?["offSince"] == .null)
            #expect(proof.json?["instances"]?["withoutLeaseCount"] == 1)
        }
    }

    @Test func `a halt asked of a node that has not heard of a disengagement is a new one`() async throws {
        try await withPair { first, second in
            #expect(try first.ask("POST", "/emergency-stop", ["reason": "one", "wait": 20]).status == 200)
            try await second.waitUntilEngagedByControl()
            // The first disengages behind the second's back.
            let database = try first.node.experiments.safety.opened()
            let now = first.node.experiments.time.now
            _ = try await database.transaction { transaction throws(StoreError) in
                try transaction.leverDisengage(History.context, reason: "over", at: now)
            }
            let again = try second.askControl(Ask("POST", "/emergency-stop", ["reason": "two", "wait": 20]))
            #expect(again.status == 200, "\(again.text)")
            try await second.waitUntilEngagedByControl()
            try await first.waitUntilEngagedByControl()
            let proof = try first.askControl(Ask("GET", "/emergency-stop"))
            #expect(proof.json?["reason"] == "two" && proof.json?["epoch"]?.whole ?? 0 >= 3, "\(proof.text)")
        }
    }

    @Test func `what an instance names ahead of its node counts once the node has read it`() async throws {
        try await withPair { first, second in
            let id = try await first.delaying()
            let told = try first.askControl(Ask("GET", Self.path))
            var ask = Ask("GET", Self.path)
            ask.headers = ["If-None-Match: \(told.headers["etag"] ?? "")"]
            // The second may not have read it yet: it asks the database, and counts all the same.
            #expect(try second.askControl(ask).status == 304)
            let isHeld = try await first.soon {
                let coverage = try first.askControl(Ask("GET", "/experiments/\(id)/coverage")).json
                return coverage?["targets"]?[0]?["holding"] == 1
            }
            #expect(isHeld)
        }
    }

    private func tell(_ plane: Plane, _ sealed: [UInt8]) throws -> Answer {
        var ask = Ask("POST", "/v1/peers")
        ask.body = sealed
        return try plane.ask(ask)
    }

    @Test func `nobody without the master key is heard`() async throws {
        try await withPair { first, second in
            let latch: JSON = [
                "id": "ENGforged", "epoch": 9, "reason": "r", "by": "b", "engagedAt": 0, "isRecorded": false,
            ]
            let message: JSON = [
                "from": .string(first.node.directory.nodeID), "to": .string(second.node.directory.nodeID),
                "message": ["halt": latch],
            ]
            let sealed = { (key: MasterKey, at: Timestamp) in PeerSeal(key).seal(message, nonce: "n", at: at)
            }
            let own = first.node.identities.masterKey
            let late = Timestamp.now + .seconds(-301)
            for body in [sealed(.random(), .now), sealed(own, late), [], Array("\n{}".utf8)] {
                let answer = try tell(second, body)
                #expect(answer.failure?.status == 400)
            }
            let whole = sealed(own, .now)
            let elsewhere = try tell(first, whole)
            #expect(elsewhere.failure?.status == 400, "it is for the other node")
            #expect(!first.node.delivery.book.lever.isEngaged && !second.node.delivery.book.lever.isEngaged)
            let heard = try tell(second, whole)
            #expect(heard.status == 200)
            #expect(second.node.delivery.book.lever.isEngaged)
        }
    }
}

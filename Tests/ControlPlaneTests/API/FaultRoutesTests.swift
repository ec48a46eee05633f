import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/v1/faults/{target}`: the poll, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct FaultRoutesTests {
    private static let path = "/v1/faults/checkout?instance=i-1"
    private static let epoch: Int64 = 4_294_967_296

    /// Polls, holding the version that an answer before gave.
    private func poll(_ plane: Plane, holding etag: String?, _ path: String = path) throws -> Answer {
        var ask = Ask("GET", path, as: try plane.admin.bearer)
        if let etag { ask.headers = ["If-None-Match: \(etag)"] }
        return try plane.ask(ask)
    }

    @Test func `a target that nobody has heard of gets the empty document`() async throws {
        try await withPlane { plane in
            let answer = try poll(plane, holding: nil)
            #expect(
                answer.text == #"{"target":"\#(Sample.arn)","version":4294967296,"epoch":1,"faults":[]}"#
            )
            #expect(answer.headers["etag"] == "\"4294967296\"")
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.headers["content-type"] == "application/json")
            let same = try poll(plane, holding: answer.headers["etag"])
            #expect(same.status == 304 && same.headers["etag"] == "\"4294967296\"")
            #expect(same.headers["cache-control"] == "no-store")
            let whole = try poll(plane, holding: nil, "/v1/faults/\(Sample.encoded(Sample.arn))?instance=i-1")
            #expect(whole.body == answer.body, "a bare name means the account's function")
        }
    }

    @Test func `a fault is there while its run runs, and each change is a higher version`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let answer = try poll(plane, holding: "\"4294967296\"")
            #expect(answer.status == 200 && answer.headers["etag"] == "\"4294967297\"")
            let fault = try #require(answer.json?["faults"]?[0], "\(answer.text)")
            #expect(answer.json?["faults"]?.elements?.count == 1)
            #expect(
                fault.members?.map(\.name) == [
                    "id", "experimentId", "actionId", "parameters", "salt", "notBefore", "notAfter",
                ]
            )
            #expect(fault["id"]?.text == "\(id)/Delay" && fault["experimentId"]?.text == id)
            #expect(fault["actionId"] == "aws:lambda:invocation-add-delay")
            #expect(fault["parameters"]?["startupDelayMilliseconds"] == "2000")
            let (from, to) = (fault["notBefore"]?.double ?? 0, fault["notAfter"]?.double ?? 0)
            #expect(abs(to - from - 300) < 0.001)
            #expect(try poll(plane, holding: "\"4294967297\"").status == 304)
            #expect(try poll(plane, holding: nil).body == answer.body, "equal version, equal bytes")

            #expect(try plane.ask("DELETE", "/experiments/\(id)").status == 200)
            let stopped = try poll(plane, holding: "\"4294967297\"")
            #expect(
                stopped.text == #"{"target":"\#(Sample.arn)","version":4294967298,"epoch":1,"faults":[]}"#
            )
        }
    }

    @Test func `an engaged lever empties every document at a higher version`() async throws {
        try await withPlane { plane in
            _ = try await plane.delaying()
            let other = try poll(plane, holding: nil, "/v1/faults/other?instance=i-1")
            let stop = try plane.ask("POST", "/emergency-stop", ["reason": "smoke"])
            #expect(stop.status == 200)
            for (path, before) in [
                (Self.path, Self.epoch + 1),
                ("/v1/faults/other?instance=i-1", other.json?["version"]?.whole ?? 0),
            ] {
                let answer = try poll(plane, holding: "\"\(before)\"", path)
                #expect(answer.status == 200 && answer.json?["faults"] == [])
                #expect(answer.json?["epoch"] == 2)
                let version = answer.json?["version"]?.whole ?? 0
                #expect(version >= 2 * Self.epoch && version > before)
            }
        }
    }

    @Test func `a fault for one qualifier is in no other's document`() async throws {
        try await withPlane { plane in
            try plane.function()
            let target: JSON = [
                "resourceType": "aws:lambda:function", "resourceArns": [.string(Sample.arn)],
                "selectionMode": "ALL", "parameters": ["functionQualifier": "live"],
            ]
            let template = try plane.template(Sample.delay([.init("targets", ["One": target])]))
            let id = try plane.start(template)
            try await plane.wait(for: "running", of: id)
            for (qualifier, count) in [("", 0), ("&qualifier=live", 1), ("&qualifier=old", 0)] {
                let answer = try poll(plane, holding: nil, Self.path + qualifier)
                #expect(answer.json?["faults"]?.elements?.count == count, "\(qualifier)")
                #expect(answer.json?["version"]?.whole == Self.epoch + 1, "the version is the target's")
            }
        }
    }

    @Test func `an account's faults are in its own documents only`() async throws {
        try await withPlane { plane in
            _ = try await plane.delaying()
            let theirs = try plane.key(.agent, account: try plane.account("222222222222"), targets: "*")
            for path in [Self.path, "/v1/faults/\(Sample.encoded(Sample.arn))?instance=i-1"] {
                let answer = try plane.ask(Ask("GET", path, as: theirs.bearer))
                #expect(answer.status == 200 && answer.json?["faults"] == [], "\(answer.text)")
            }
        }
    }

    @Test func `an agent is told of the targets that its key names`() async throws {
        try await withPlane { plane in
            let agent = try plane.key(.agent, targets: "pay-*")
            let own = try plane.ask(Ask("GET", "/v1/faults/pay-1?instance=i-1", as: agent.bearer))
            #expect(own.status == 200)
            let pattern = "arn:aws:lambda:us-east-1:000000000000:function:pay-*"
            let other = try plane.ask(Ask("GET", Self.path, as: agent.bearer))
            let message = other.failure?.message ?? ""
            #expect(other.failure?.status == 403 && other.code == "AccessDeniedException")
            #expect(message == "The key speaks only for targets that match \(pattern).", "\(message)")
        }
    }

    @Test func `a target that one key was let into stays closed to the others`() async throws {
        try await withPlane { plane in
            _ = try await plane.delaying()
            let theirs = try plane.account("222222222222")
            let own = try plane.key(.agent, targets: "check*")
            let other = try plane.key(.agent, targets: "pay-*")
            let stranger = try plane.key(.agent, account: theirs, targets: "*")
            for path in [Self.path, "/v1/faults/\(Sample.encoded(Sample.arn))?instance=i-1"] {
                // The second time around everything is known that is remembered.
                for _ in 0..<2 {
                    let served = try plane.ask(Ask("GET", path, as: own.bearer))
                    #expect(served.json?["faults"]?.elements?.count == 1, "\(served.text)")
                    #expect(try plane.ask(Ask("GET", path, as: other.bearer)).failure?.status == 403)
                    let empty = try plane.ask(Ask("GET", path, as: stranger.bearer))
                    #expect(empty.status == 200 && empty.json?["faults"] == [], "\(empty.text)")
                }
            }
        }
    }

    @Test func `parameters may be coded, and the first of a name counts`() async throws {
        try await withPlane { plane in
            let version = "\"4294967296\""
            let path = "/v1/faults/check%6Fut?%69nstance=i+%31&instance=&w%61it=0&qualifier=%zz&wait=x"
            #expect(try poll(plane, holding: version, path).status == 304)
            let room = plane.node.experiments.delivery.book.rooms.first { $0.key.target == Sample.arn }
            let seen = try #require(room).withState { Array($0.instances.keys) }
            #expect(seen == ["i 1"])
            for tag in ["4294967296", "\"4294967296", "\"\"", "W/\(version)", "\"4294967296 \"", "\"x\""] {
                #expect(try poll(plane, holding: tag, Self.path).status == 200, "\(tag) names no version")
            }
            #expect(try poll(plane, holding: "\"+04294967296\"", Self.path).status == 304)
        }
    }

    @Test(arguments: [
        "", "?instance=", "?instance=a%00b", "?instance=a%0Ab",
        "?instance=\(String(repeating: "i", count: 257))", "?Instance=i",
    ])
    func `an instance must have a name`(_ query: String) async throws {
        try await withPlane { plane in
            let told =
                "instance is missing: the name of the asking instance, 1 to 256 bytes without control characters, "
                + "is accepted as instance=ID."
            let answer = try plane.ask("GET", "/v1/faults/checkout\(query)")
            #expect(answer.failure == .init(400, "ValidationException", told))
        }
    }

    @Test func `a target that is none is refused`() async throws {
        try await withPlane { plane in
            let told = #"target is "arn:x": an ARN or the name of a function is accepted."#
            let answer = try plane.ask("GET", "/v1/faults/arn%3Ax?instance=i-1")
            #expect(answer.failure == .init(400, "ValidationException", told))
        }
    }

    @Test func `every answer says for how long it may be trusted`() async throws {
        try await withPlane { plane in
            let answer = try poll(plane, holding: nil)
            let lease = Double(answer.headers["faultplane-lease"] ?? "") ?? 0
            #expect(5 <= lease && lease <= 15, "\(answer.headers)")
            #expect(answer.headers["faultplane-held"] == "0.000000000")
            let next = Double(answer.headers["faultplane-next-poll"] ?? "") ?? 0
            #expect(45 <= next && next <= 60)
            let time = Double(answer.headers["faultplane-time"] ?? "") ?? 0
            #expect(abs(time - plane.node.experiments.time.now.seconds) < 20)
            _ = try await plane.delaying()
            let armed = try poll(plane, holding: nil)
            let soon = Double(armed.headers["faultplane-next-poll"] ?? "") ?? 0
            #expect(3 <= soon && soon <= 5)
        }
    }

    @Test func `a poll that waits is answered when something changes, and when its time is over`()
        async throws
    {
        try await withPlane { plane in
            let held = "\"4294967296\""
            let over = try poll(plane, holding: held, Self.path + "&wait=0.2")
            #expect(over.status == 304 && over.headers["faultplane-next-poll"] == "0.000000000")
            let waited = Double(over.headers["faultplane-held"] ?? "") ?? 0
            #expect(0.2 <= waited && waited < 10, "\(over.headers)")

            async let waiting = onThread { try poll(plane, holding: held, Self.path + "&wait=50") }
            let isParked = try await plane.soon { plane.node.loopCounts.map(\.parked).reduce(0, +) == 1 }
            #expect(isParked)
            _ = try await plane.delaying()
            let told = try await waiting
            #expect(told.status == 200 && told.json?["faults"]?.elements?.count == 1, "\(told.text)")
            #expect((Double(told.headers["faultplane-held"] ?? "") ?? 50) < 40)
        }
    }

    @Test func `an emergency stop answers every poll that waits`() async throws {
        try await withPlane { plane in
            async let waiting = onThread {
                try poll(plane, holding: "\"4294967296\"", Self.path + "&wait=50")
            }
            let isParked = try await plane.soon { plane.node.loopCounts.map(\.parked).reduce(0, +) == 1 }
            #expect(isParked)
            #expect(try plane.ask("POST", "/emergency-stop", ["reason": "smoke"]).status == 200)
            let told = try await waiting
            #expect(told.status == 200 && told.headers["etag"] == "\"8589934592\"")
        }
    }

    @Test func `a node that is behind what an injector holds is not sure`() async throws {
        try await withPlane { plane in
            let answer = try poll(plane, holding: "\"4294967299\"")
            #expect(answer.status == 200 && answer.headers["etag"] == nil)
            #expect(
                answer.text == #"{"target":"\#(Sample.arn)","version":null,"epoch":1,"faults":[],"#
                    + #""degraded":"this deployment has no version 4294967299 of the target yet"}"#
            )
            let next = Double(answer.headers["faultplane-next-poll"] ?? "") ?? 0
            #expect(2 <= next && next <= 5)
        }
    }

    @Test func `what was polled for without the database is not read from it`() async throws {
        try await withPlane { plane in
            _ = try await plane.delaying()
            plane.node.identities.database.close()
            let answer = try poll(plane, holding: nil)
            #expect(answer.status == 200 && answer.json?["faults"]?.elements?.count == 1)
        }
    }

    @Test(arguments: ["-1", "x", "", "3601"]) func `a wait is a number of seconds`(
        _ wait: String
    ) async throws {
        try await withPlane { plane in
            let told = #"wait is "\#(wait)": a number of seconds from 0 to 3600 is accepted."#
            let answer = try plane.ask("GET", Self.path + "&wait=\(wait)")
            #expect(answer.failure == .init(400, "ValidationException", told))
        }
    }

    @Test func `whoever polls exists: a run may mean it by its ARN`() async throws {
        try await withPlane { plane in
            #expect(try poll(plane, holding: nil).status == 200)
            let id = try plane.start(try plane.template(Sample.delay()))
            try await plane.wait(for: "running", of: id)
            #expect(try poll(plane, holding: nil).json?["faults"]?.elements?.count == 1)
        }
    }
}

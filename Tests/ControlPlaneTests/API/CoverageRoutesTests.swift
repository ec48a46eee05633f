import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Whether a fault arrived and has ended, as instances told: acknowledgments, counts, and what they do to the run.
@Suite(.timeLimit(.minutes(10))) struct CoverageRoutesTests {
    private static func path(_ instance: String, _ target: String = "checkout") -> String {
        "/v1/faults/\(target)?instance=\(instance)"
    }

    /// Polls until what is told is held: an instance that names what it got.
    @discardableResult
    private func hold(_ plane: Plane, _ instance: String, _ target: String = "checkout") throws -> Int64 {
        let told = try plane.ask("GET", Self.path(instance, target))
        var ask = Ask("GET", Self.path(instance, target), as: try plane.admin.bearer)
        ask.headers = ["If-None-Match: \(told.headers["etag"] ?? "")"]
        #expect(try plane.ask(ask).status == 304)
        return try #require(told.json?["version"]?.whole)
    }

    private func coverage(_ plane: Plane, _ id: String) throws -> JSON? {
        try plane.ask("GET", "/experiments/\(id)/coverage").json?["targets"]?[0]
    }

    private func events(_ plane: Plane, _ id: String) throws -> [String] {
        let events = try plane.ask("GET", "/experiments/\(id)/events").json?["events"]?.elements ?? []
        return events.filter { $0["kind"] == "coverage.reached" }.map {
            "\($0["subject"]?.text ?? "") \($0["to"]?.text ?? "")"
        }
    }

    @Test func `who holds a fault is counted, and who has let go of it`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            for name in ["i-1", "i-2"] { try hold(plane, name) }
            // It has been told, and has not said that it holds it.
            #expect(try plane.ask("GET", Self.path("i-3")).status == 200)
            #expect(try await plane.soon { try coverage(plane, id)?["holding"] == 2 })
            let during = try coverage(plane, id)
            #expect(during?["target"]?.text == Sample.arn && during?["action"] == "Delay")
            #expect(during?["seen"] == 3 && during?["held"] == 2 && during?["cleared"] == 0)
            #expect(during?["firstHeldAt"]?.double ?? 0 <= during?["lastHeldAt"]?.double ?? 0)
            #expect(try await plane.soon { try events(plane, id) == ["Delay/holding half"] })

            #expect(try plane.ask("DELETE", "/experiments/\(id)").status == 200)
            try hold(plane, "i-1")
            #expect(try await plane.soon { try coverage(plane, id)?["cleared"] == 1 })
            let after = try coverage(plane, id)
            #expect(after?["holding"] == 0 && after?["silentCount"] == 1)
            #expect(after?["silent"]?[0]?["instance"] == "i-2")
            #expect(after?["silent"]?[0]?["offBy"]?.double ?? 0 > 0)
            #expect(try await plane.soon { try events(plane, id).last == "Delay/clear half" })
            try hold(plane, "i-2")
            #expect(try await plane.soon { try events(plane, id).last == "Delay/clear all" })
            #expect(try plane.status(id) == "stopped")
        }
    }

    @Test func `a refusal is counted with its reason, and is no holding`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let version = try hold(plane, "i-1")
            let body: JSON = [
                "instance": "i-1", "version": .integer(version), "status": "rejected", "reason": "too much",
            ]
            #expect(try plane.ask("POST", "/v1/faults/checkout/acks", body).status == 200)
            #expect(try await plane.soon { try coverage(plane, id)?["rejecting"] == 1 })
            let counted = try coverage(plane, id)
            #expect(counted?["reasons"] == ["too much": 1] && counted?["holding"] == 0)
            #expect(try hold(plane, "i-1") == version, "it goes on naming it")
            #expect(try coverage(plane, id)?["holding"] == 0, "a refusal sticks for its version")
        }
    }

    @Test func `a refusal of one fault leaves the others held, and needs nobody to have polled here`()
        async throws
    {
        try await withPlane { plane in
            let (one, two) = (try await plane.delaying(), try plane.start(try plane.template(Sample.delay())))
            try await plane.wait(for: "running", of: two)
            let version = try #require(try plane.ask("GET", Self.path("looks")).json?["version"]?.whole)
            let body: JSON = [
                "instance": "i-1", "version": .integer(version), "status": "rejected", "reason": "too much",
                "faults": [.string("\(two)/Delay")],
            ]
            #expect(try plane.ask("POST", "/v1/faults/checkout/acks", body).status == 200)
            try hold(plane, "i-1")
            let (held, refused) = (try coverage(plane, one), try coverage(plane, two))
            #expect(held?["holding"] == 1 && held?["rejecting"] == 0)
            #expect(refused?["holding"] == 0 && refused?["rejecting"] == 1 && refused?["held"] == 0)
        }
    }

    private static let incomplete: [(JSON, String)] = [
        (
            ["version": 1, "status": "holding"],
            "instance is missing: a text of 1 to 256 bytes without control characters is accepted"
        ),
        (
            ["instance": "i", "status": "holding"],
            "version is missing: the version of a document is accepted"
        ),
        (
            ["instance": "i", "version": -1, "status": "holding"],
            "version is -1: the version of a document, a whole number, is accepted"
        ),
        (
            ["instance": "i", "version": 1, "status": "maybe"],
            "status is \"maybe\": holding or rejected is accepted"
        ),
    ]

    @Test(arguments: incomplete)
    func `an acknowledgment says what it must`(_ body: JSON, _ told: String) async throws {
        try await withPlane { plane in
            let answer = try plane.ask("POST", "/v1/faults/checkout/acks", body)
            #expect(answer.failure?.status == 400)
            #expect(answer.failure?.message.contains(told) == true, "\(answer.text)")
        }
    }

    @Test func `a run whose fault nobody held is no success`() async throws {
        try await withPlane { plane in
            try plane.function()
            let id = try plane.start(try plane.template(Sample.delay(for: "PT1S")))
            try await plane.wait(for: "failed", of: id)
            let state = try plane.experiment(id)?["state"]
            let reason =
                "Action Delay failed: no injector polled for \(Sample.arn) while its fault was published."
            #expect(state?["reason"]?.text == reason)
            #expect(state?["error"]?["code"] == "InvalidTarget" && state?["error"]?["location"] == "Delay")
        }
    }

    @Test func `one that was held is`() async throws {
        try await withPlane { plane in
            try plane.function()
            let id = try plane.start(try plane.template(Sample.delay(for: "PT2S")))
            try await plane.wait(for: "running", of: id)
            try hold(plane, "i-1")
            try await plane.wait(for: "completed", of: id)
        }
    }

    @Test func `an armed fault begins when enough instances hold it`() async throws {
        try await withPlane { plane in
            for name in ["i-1", "i-2"] { try hold(plane, name) }
            let parameters: JSON = [
                "duration": "PT5M", "startupDelayMilliseconds": "2000", "armAtLeastPercent": "100",
            ]
            let action: JSON = [
                "actionId": "aws:lambda:invocation-add-delay", "parameters": parameters,
                "targets": ["Functions": "One"],
            ]
            let id = try plane.start(
                try plane.template(Sample.delay([.init("actions", ["Delay": action])]))
            )
            try await plane.wait(for: "running", of: id)
            let armed = try plane.ask("GET", Self.path("i-1")).json?["faults"]?[0]
            let far = (armed?["notBefore"]?.double ?? 0) - plane.node.experiments.time.now.seconds
            #expect(far > 3_000, "it does not begin by itself")
            #expect(try plane.experiment(id)?["actions"]?["Delay"]?["state"]?["status"] == "initiating")
            for name in ["i-1", "i-2"] { try hold(plane, name) }
            let isFired = try await plane.soon {
                try plane.experiment(id)?["actions"]?["Delay"]?["state"]?["status"] == "running"
            }
            #expect(isFired)
            var fired: JSON?
            let isTold = try await plane.soon {
                fired = try plane.ask("GET", Self.path("i-1")).json?["faults"]?[0]
                return (fired?["notBefore"]?.double ?? .infinity) - plane.node.experiments.time.now.seconds
                    < 2
            }
            #expect(isTold && fired?["id"] == armed?["id"])
            #expect(fired?["parameters"]?["armAtLeastPercent"] == nil, "that is for the run")
        }
    }
}

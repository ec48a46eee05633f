import Base
import Experiments
import TestSupport
import Testing

@testable import ControlPlane

/// What a caller sees of each overlap policy.
@Suite(.timeLimit(.minutes(10))) struct OverlapTests {
    private static let arn = "arn:aws:lambda:us-east-1:000000000000:function:checkout"

    /// A template that delays a function, with that policy.
    private static func template(
        _ policy: String?,
        timeout: String? = nil,
        for duration: String = "PT5M"
    ) -> JSON {
        var options: [JSON.Member] = []
        if let policy { options.append(.init("overlapPolicy", .string(policy))) }
        if let timeout { options.append(.init("queueTimeout", .string(timeout))) }
        return Sample.delay(for: duration, [.init("experimentOptions", .object(options))])
    }

    private static func start(
        _ plane: Plane,
        _ template: String,
        token: String = Sample.fresh()
    ) throws -> Answer {
        try plane.ask("POST", "/experiments", Sample.start(template, token: token))
    }

    private static func since(_ plane: Plane, _ id: String) async throws -> String {
        let since = try await plane.node.experiments.database.opened().holdsSince(id)
        return CalendarTime(since).iso8601
    }

    /// The texts of a run's events of that kind.
    private static func told(_ plane: Plane, _ id: String, _ kind: String) throws -> [String] {
        let events = try plane.ask("GET", "/experiments/\(id)/events").json?["events"]?.elements ?? []
        return events.filter { $0["kind"]?.text == kind }.map {
            "\($0["from"]?.text ?? "-") \($0["to"]?.text ?? "") \($0["reason"]?.text ?? "")"
        }
    }

    @Test func `where runs may overlap both go on, and the second says whom it met`() async throws {
        try await withPlane { plane in
            try plane.function()
            let template = try plane.template(Self.template(nil))
            let first = try Self.start(plane, template)
            #expect(first.json?["warnings"] == nil && first.status == 200)
            let id = try #require(first.json?["experiment"]?["id"]?.text)
            let token = Sample.fresh()
            let second = try Self.start(plane, template, token: token)
            let warning = "Another experiment runs on the same targets: \(id) has faults on \(Self.arn)."
            #expect(second.json?["warnings"] == [.string(warning)], "\(second.text)")
            #expect(second.json?.members?.map(\.name) == ["experiment", "warnings"])
            let other = try #require(second.json?["experiment"]?["id"]?.text)
            #expect(second.json?["experiment"]?["state"]?["status"] == "running")
            #expect(second.json?["experiment"]?["queue"] == nil)
            #expect(try Self.told(plane, other, "experiment.overlaps") == ["- overlapping \(warning)"])
            #expect(try Self.told(plane, id, "experiment.overlaps") == [])
            let again = try Self.start(plane, template, token: token)
            #expect(again.json?["experiment"]?["id"]?.text == other)
            #expect(again.json?["warnings"] == [.string(warning)])
            // FIS's own log has no place for it.
            #expect(try !plane.ask("GET", "/experiments/\(other)/log").text.contains("overlap"))
            let options = try plane.experiment(other)?["experimentOptions"]
            #expect(options?["overlapPolicy"] == nil)
        }
    }

    @Test func `what is refused names the holder, starts nothing, and goes once that has ended`() async throws
    {
        try await withPlane { plane in
            try plane.function()
            let shared = try plane.template(Self.template("allow"))
            let refusing = try plane.template(Self.template("refuse"))
            let first = try plane.start(shared)
            let since = try await Self.since(plane, first)
            let held =
                "Target \(Self.arn) is held by experiment \(first) (template \(shared), since \(since)): "
            let answer = try Self.start(plane, refusing)
            #expect(answer.failure?.status == 409 && answer.failure?.code == "ConflictException")
            #expect(
                answer.failure?.message
                    == held + "this template's overlap policy is refuse, so nothing was started."
            )
            let listed = try plane.ask("GET", "/experiments").json?["experiments"]?.elements ?? []
            #expect(listed.compactMap { $0["id"]?.text } == [first])
            _ = try plane.ask("DELETE", "/experiments/\(first)")
            try await plane.wait(for: "stopped", of: first)
            let token = Sample.fresh()
            let begun = try Self.start(plane, refusing, token: token)
            let id = try #require(begun.json?["experiment"]?["id"]?.text, "\(begun.text)")
            #expect(begun.json?["experiment"]?["state"]?["status"] == "running")
            #expect(begun.json?["experiment"]?["experimentOptions"]?["overlapPolicy"] == "refuse")
            // The same request again is the same run, and in nobody's way.
            let again = try Self.start(plane, refusing, token: token)
            #expect(again.status == 200 && again.json?["experiment"]?["id"]?.text == id)
            let beside = try Self.start(plane, shared)
            let since2 = try await Self.since(plane, id)
            #expect(
                beside.failure?.message
                    == "Target \(Self.arn) is held by experiment \(id) (template \(refusing), since \(since2)): "
                    + "that experiment's overlap policy lets no other run beside it, so nothing was started."
            )
            #expect(beside.failure?.status == 409)
        }
    }

    @Test func `what is queued says its place, and begins in its turn with times of its own`() async throws {
        try await withPlane { plane in
            try plane.function()
            let queueing = try plane.template(Self.template("queue", timeout: "PT1H"))
            let first = try plane.start(queueing)
            #expect(try plane.status(first) == "running")
            let answer = try Self.start(plane, queueing)
            let second = try #require(answer.json?["experiment"]?["id"]?.text, "\(answer.text)")
            let since = try await Self.since(plane, first)
            let holder =
                "target \(Self.arn) is held by experiment \(first) (template \(queueing), since \(since))."
            #expect(
                answer.json?["experiment"]?["state"]
                    == ["status": "pending", "reason": .string("Queued at place 1: \(holder)")]
            )
            let queue = try #require(answer.json?["experiment"]?["queue"])
            #expect(queue.members?.map(\.name) == ["place", "heldBy", "expiresAt"])
            #expect(queue["place"] == 1 && queue["heldBy"] == [.string(first)])
            let created = try #require(answer.json?["experiment"]?["creationTime"]?.double)
            #expect(abs((queue["expiresAt"]?.double ?? 0) - created - 3_600) < 0.01)
            #expect(answer.json?["warnings"] == nil)
            #expect(answer.json?["experiment"]?["experimentOptions"]?["queueTimeout"] == "PT1H")
            let third = try plane.start(queueing)
            #expect(try plane.experiment(third)?["queue"]?["place"] == 2)
            #expect(try plane.experiment(third)?["queue"]?["heldBy"] == [.string(first)])
            #expect(try plane.experiment(second)?["queue"]?["place"] == 1)
            #expect(try plane.experiment(first)?["queue"] == nil)

            _ = try plane.ask("DELETE", "/experiments/\(first)")
            try await plane.wait(for: "running", of: second)
            let begun = try #require(try plane.experiment(second))
            #expect(begun["queue"] == nil && begun["state"]?["reason"] == "Experiment is running.")
            let (start, action) = (
                begun["startTime"]?.double, begun["actions"]?["Delay"]?["startTime"]?.double
            )
            #expect(start == action && (start ?? 0) > created)
            #expect(
                try Self.told(plane, second, "experiment.queued") == [
                    "- waiting Queued: \(holder)", "waiting promoted Its targets are free.",
                ]
            )
            #expect(try plane.experiment(third)?["queue"]?["place"] == 1)
            #expect(try plane.experiment(third)?["queue"]?["heldBy"] == [.string(second)])
            // Who is in the way now, and not who was when it got in line.
            let now = try plane.experiment(third)?["state"]?["reason"]?.text ?? ""
            #expect(now.hasPrefix("Queued at place 1: target \(Self.arn) is held by experiment \(second) "))
        }
    }

    @Test func `one that waits can be stopped, and whoever is behind it moves up`() async throws {
        try await withPlane { plane in
            try plane.function()
            let queueing = try plane.template(Self.template("queue"))
            let runs = try (0..<3).map { _ in try plane.start(queueing) }
            let stopped = try plane.ask("DELETE", "/experiments/\(runs[1])")
            #expect(stopped.json?["experiment"]?["state"]?["status"] == "stopping")
            #expect(stopped.json?["experiment"]?["queue"] == nil)
            try await plane.wait(for: "stopped", of: runs[1])
            #expect(try plane.experiment(runs[1])?["startTime"] == nil)
            #expect(try plane.experiment(runs[2])?["queue"]?["place"] == 1)
            _ = try plane.ask("DELETE", "/experiments/\(runs[0])")
            try await plane.wait(for: "running", of: runs[2])
        }
    }

    @Test func `one whose turn does not come in time is cancelled, and says why`() async throws {
        try await withPlane { plane in
            try plane.function()
            let first = try plane.start(try plane.template(Self.template("allow")))
            let since = try await Self.since(plane, first)
            let template = try plane.experiment(first)?["experimentTemplateId"]?.text ?? ""
            let waiting = try plane.start(try plane.template(Self.template("queue", timeout: "PT1S")))
            try await plane.wait(for: "cancelled", of: waiting)
            let reason = try plane.experiment(waiting)?["state"]?["reason"]?.text
            #expect(
                reason == "Experiment cancelled because its targets did not become free within 1 s: "
                    + "target \(Self.arn) is held by experiment \(first) (template \(template), since \(since))."
            )
            #expect(try plane.status(first) == "running")
        }
    }

    @Test func `the lever cancels what waits`() async throws {
        try await withPlane { plane in
            try plane.function()
            let queueing = try plane.template(Self.template("queue"))
            let runs = try (0..<2).map { _ in try plane.start(queueing) }
            #expect(try plane.ask("POST", "/emergency-stop", ["reason": "drill"]).status == 200)
            try await plane.wait(for: "cancelled", of: runs[1])
            try await plane.wait(for: "stopped", of: runs[0])
            try await plane.waitUntilEngaged()
        }
    }

    @Test func `previews and runs without faults hold nothing and wait for nobody`() async throws {
        try await withPlane { plane in
            try plane.function()
            let refusing = try plane.template(Self.template("refuse"))
            let first = try plane.start(refusing)
            let preview = try plane.start(refusing, [Sample.skipped])
            #expect(try plane.status(preview) == "completed")
            let waits = Sample.template(
                token: Sample.fresh(),
                [.init("experimentOptions", ["overlapPolicy": "refuse"])]
            )
            let resting = try plane.template(waits)
            for _ in 0..<2 { #expect(try plane.status(try plane.start(resting)) == "running") }
            #expect(try plane.status(first) == "running")
        }
    }

    @Test func `another account's run on a target of the same name is in nobody's way`() async throws {
        try await withPlane { plane in
            try plane.function()
            let refusing = Self.template("refuse")
            _ = try plane.start(try plane.template(refusing))
            let theirs = try plane.key(.admin, account: try plane.account("222222222222")).bearer
            // The same ARN, registered by both.
            let body: JSON = ["resourceType": "aws:lambda:function"]
            let path = "/v1/targets/\(Sample.encoded(Self.arn))"
            #expect(try plane.ask(Ask("PUT", path, as: theirs, body)).status == 200)
            let run = try plane.start(try plane.template(refusing, as: theirs), as: theirs)
            #expect(try plane.status(run, as: theirs) == "running")
            #expect(try plane.experiment(run, as: theirs)?["warnings"] == nil)
        }
    }

    @Test func `the deployment's policy holds where a template has none, as it was at the start`()
        async throws
    {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            let first = try await Self.lend(folder, url, .refuse) { plane in
                try plane.function()
                let template = try plane.template(Self.template(nil))
                let first = try plane.start(template)
                #expect(try plane.experiment(first)?["experimentOptions"]?["overlapPolicy"] == "refuse")
                let told = try Self.start(plane, template)
                #expect(told.failure?.message.hasSuffix("policy is refuse, so nothing was started.") == true)
                return first
            }
            // The same node, started again with another policy.
            _ = try await Self.lend(folder, url, .allow) { plane in
                #expect(try plane.experiment(first)?["experimentOptions"]?["overlapPolicy"] == "refuse")
                let told = try Self.start(plane, try plane.template(Self.template(nil)))
                #expect(told.failure?.message.contains("lets no other run beside it") == true)
                return first
            }
        }
    }

    /// Lends a node with that policy, which lets go of its folder afterwards.
    private static func lend(
        _ folder: TemporaryFolder,
        _ url: String,
        _ policy: OverlapPolicy,
        _ body: (Plane) async throws -> String
    ) async throws -> String {
        let plane = try Plane(folder: folder, url: url) { $0.overlap = policy }
        var value = ""
        try await plane.run {
            try await plane.boot()
            value = try await body(plane)
        }
        return value
    }
}

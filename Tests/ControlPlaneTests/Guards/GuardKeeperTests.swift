import Base
import Experiments
import SafetyLever
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A run that guards itself, on a whole node with a source that a test speaks for.
@Suite(.timeLimit(.minutes(10))) struct GuardKeeperTests {
    private static let arn = "arn:aws:lambda:us-east-1:000000000000:function:checkout"

    private static func template(
        _ value: String = "sum(up{job}) by (job) == 0",
        for duration: String = "PT5M"
    ) -> JSON {
        let condition: JSON = ["source": "prometheus", "value": .string(value)]
        return Sample.delay(for: duration, [.init("stopConditions", [condition])])
    }

    /// Lends a node with a source to speak for; its lease is short, so that guards are looked at twice a second.
    private static func lend(
        lease: Duration = .seconds(3),
        _ body: @escaping @Sendable (Plane, Speaker) async throws -> Void
    ) async throws {
        let speaker = Speaker()
        try await withPlane(sources: speaker.sources, { $0.lease = lease }) { plane in
            try plane.function()
            try await body(plane, speaker)
        }
    }

    private static func faults(_ plane: Plane) throws -> JSON? {
        try plane.ask("GET", "/v1/faults/checkout?instance=i-1").json?["faults"]
    }

    private static func told(_ plane: Plane, _ id: String, _ kind: String) throws -> [String] {
        let events = try plane.ask("GET", "/experiments/\(id)/events").json?["events"]?.elements ?? []
        return events.filter { $0["kind"]?.text == kind }.map {
            "\($0["subject"]?.text ?? "") \($0["reason"]?.text ?? "")"
        }
    }

    @Test func `what is read well lets the run begin, and the faults arrive guarded`() async throws {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            #expect(try await plane.soon { try Self.faults(plane)?.elements?.count == 1 })
            let answer = try plane.ask("GET", "/v1/faults/checkout?instance=i-1")
            #expect(answer.headers["faultplane-lease"] != nil && answer.json?["degraded"] == nil)
            #expect(
                try Self.told(plane, id, "guard.passed") == [
                    "stop-conditions Everything was read, and nothing is in the way of a fault."
                ]
            )
            let before = speaker.count
            #expect(try await plane.soon { speaker.count > before + 3 })
            #expect(try plane.status(id) == "running")
        }
    }

    @Test func `a breach stops the run, and says what was read`() async throws {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            #expect(try await plane.soon { try Self.faults(plane)?.elements?.count == 1 })
            speaker.say(.breached, #"1 element, {job="web"} 0"#)
            try await plane.wait(for: "stopped", of: id)
            let text =
                #"stopConditions[0], prometheus "sum(up{job}) by (job) == 0": 1 element, {job="web"} 0."#
            let reason = try plane.experiment(id)?["state"]?["reason"]
            #expect(reason == .string("Experiment halted by stop condition. \(text)"))
            #expect(try Self.told(plane, id, "guard.breached") == ["stopConditions[0] \(text)"])
            #expect(try Self.faults(plane) == [])
        }
    }

    @Test func `what is bad already stops the run before it publishes anything`() async throws {
        try await Self.lend { plane, speaker in
            speaker.say(.breached, "1 element")
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "stopped", of: id)
            // A document that nobody ever published to is in its first version.
            #expect(
                try plane.ask("GET", "/v1/faults/checkout?instance=i-1").json?["version"] == .integer(1 << 32)
            )
            #expect(try Self.told(plane, id, "guard.passed") == [])
        }
    }

    @Test func `what cannot be read for fifteen seconds fails a run that has not begun`() async throws {
        try await Self.lend { plane, speaker in
            speaker.say(.unreadable, "connection refused")
            let id = try plane.start(try plane.template(Self.template()))
            #expect(try plane.status(id) == "initiating")
            try await plane.wait(for: "failed", of: id)
            let state = try plane.experiment(id)?["state"]
            #expect(state?["error"]?["code"] == "DependentServiceFailure")
            #expect(state?["error"]?["location"] == "stopConditions[0]")
            let text =
                #"stopConditions[0], prometheus "sum(up{job}) by (job) == 0" could not be read for 15 s: connection refused."#
            #expect(state?["reason"] == .string("Experiment failed before its first fault: \(text)"))
        }
    }

    @Test func `one look that fails is no breach`() async throws {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            speaker.say(.unreadable, "no answer")
            let before = speaker.count
            #expect(try await plane.soon { speaker.count > before + 2 })
            speaker.say(.clear, "no element")
            #expect(try plane.status(id) == "running")
        }
    }

    @Test
    func
        `a run that nobody looks at any more has its faults withheld, and is looked at before they come back`()
        async throws
    {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            #expect(try await plane.soon { try Self.faults(plane)?.elements?.count == 1 })
            let before = try await plane.node.experiments.database.opened().withGuardsHeld {
                let reason = "the stop conditions of \(id) were last read "
                // Three seconds and more: the guard holds no longer, and is not merely about to end.
                let isWithheld = try await plane.soon {
                    let answer = try plane.ask("GET", "/v1/faults/checkout?instance=i-1")
                    guard let told = answer.json?["degraded"]?.text, told.hasPrefix(reason) else {
                        return false
                    }
                    return Int(told.dropFirst(reason.count).prefix { $0.isNumber }).map { $0 >= 3 } ?? false
                }
                let status = try plane.status(id)
                #expect(isWithheld && status == "running")
                // Nobody knows how things stand when it is looked again: that is no reason to go on.
                speaker.say(.unreadable, "no answer")
                return speaker.count
            }
            #expect(try await plane.soon { speaker.count > before + 2 })
            #expect(try Self.faults(plane) == [])
            speaker.say(.clear, "no element")
            #expect(try await plane.soon { try Self.faults(plane)?.elements?.count == 1 })
        }
    }

    @Test func `a breach that could not be written ends the run at the next look, whatever that finds`()
        async throws
    {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            #expect(try await plane.soon { speaker.count > 2 })
            try await plane.node.experiments.database.opened().guardsPretend(.breached)
            try await plane.wait(for: "stopped", of: id)
            #expect(try Self.told(plane, id, "guard.breached").count == 1)
        }
    }

    @Test func `a guard that means nothing to this version ends its run`() async throws {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            try await plane.node.experiments.database.opened().guardsPretend(.unknown)
            try await plane.wait(for: "stopped", of: id)
            let text = try #require(try Self.told(plane, id, "guard.breached").first)
            #expect(text == "later-kind later-kind: later-kind is no guard that this version knows.")
        }
    }

    @Test func `runs that ask the same are answered by one question`() async throws {
        try await Self.lend(lease: .seconds(15)) { plane, speaker in
            let template = try plane.template(Self.template())
            let ids = try (0..<5).map { _ in try plane.start(template) }
            for id in ids { try await plane.wait(for: "running", of: id) }
            let before = speaker.count
            #expect(try await plane.soon { speaker.count > before + 1 })
            #expect(speaker.widest == 1)
            speaker.say(.breached, "1 element")
            for id in ids { try await plane.wait(for: "stopped", of: id) }
        }
    }

    @Test func `what a node asked before it stood still ends nothing when it wakes up`() async throws {
        let (speaker, ahead) = (Speaker(), Locked(Duration.zero))
        let clock = Base.Clock(now: { .now + ahead.withLock { $0 } }, wall: { .now })
        try await withDatabaseURL { _, url in
            let plane = try Plane(url: url, clock: clock, sources: speaker.sources) { $0.lease = .seconds(3) }
            try await plane.run {
                try await plane.boot()
                try plane.function()
                let id = try plane.start(try plane.template(Self.template()))
                try await plane.wait(for: "running", of: id)
                speaker.sayOnce(.breached, "1 element") { ahead.withLock { $0 = .seconds(10) } }
                #expect(try await plane.soon { speaker.saidAll })
                let before = speaker.count
                #expect(try await plane.soon { speaker.count > before + 2 })
                #expect(try plane.status(id) == "running")
                speaker.say(.breached, "1 element")
                try await plane.wait(for: "stopped", of: id)
            }
        }
    }

    @Test func `after a restart the guard goes on where it was`() async throws {
        let (speaker, folder) = (Speaker(), TemporaryFolder())
        try await withDatabaseURL { _, url in
            @Sendable func live(_ body: (Plane) async throws -> Void) async throws {
                let plane = try Plane(folder: folder, url: url, sources: speaker.sources) {
                    $0.lease = .seconds(3)
                }
                try await plane.run {
                    try await plane.boot()
                    try await body(plane)
                }
            }
            var id = ""
            try await live { plane in
                try plane.function()
                let condition: JSON = [
                    "source": "prometheus", "value": "sum(up{job}) by (job) == 0", "breaches": 2, "of": 100,
                ]
                let template = Sample.delay(for: "PT5M", [.init("stopConditions", [condition])])
                id = try plane.start(try plane.template(template))
                try await plane.wait(for: "running", of: id)
                speaker.sayOnce(.breached, "1 element")
                #expect(try await plane.soon { speaker.saidAll })
                let seen = speaker.count
                #expect(try await plane.soon { speaker.count > seen + 1 })
                #expect(try plane.status(id) == "running")
            }
            // The second of a hundred, if the first is remembered.
            speaker.sayOnce(.breached, "1 element")
            try await live { plane in try await plane.wait(for: "stopped", of: id) }
        }
    }
}

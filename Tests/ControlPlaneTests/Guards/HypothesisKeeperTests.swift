import Base
import Experiments
import SafetyLever
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// A hypothesis through a whole run and after it, and an alarm that an action asserts, with sources that a test speaks for.
@Suite(.timeLimit(.minutes(10))) struct HypothesisKeeperTests {
    private static func template(for duration: String = "PT5M", recovery: String = "PT30S") -> JSON {
        let probe: JSON = ["name": "up", "source": "prometheus", "value": "sum(up{job}) by (job) == 0"]
        let hypothesis: JSON = ["probes": [probe], "recoveryTimeout": .string(recovery)]
        return Sample.delay(for: duration, [.init("steadyStateHypothesis", hypothesis)])
    }

    private static func lend(
        _ body: @escaping @Sendable (Plane, Speaker) async throws -> Void
    ) async throws {
        let speaker = Speaker()
        try await withPlane(sources: speaker.sources, { $0.lease = .seconds(3) }) { plane in
            try plane.function()
            try await body(plane, speaker)
        }
    }

    private static func steadyState(_ plane: Plane, _ id: String) throws -> JSON? {
        try plane.experiment(id)?["steadyState"]
    }

    @Test func `a system that was itself all the time held its hypothesis`() async throws {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            let before = speaker.count
            #expect(try await plane.soon { speaker.count > before + 1 })
            _ = try plane.ask("DELETE", "/experiments/\(id)")
            try await plane.wait(for: "stopped", of: id)
            #expect(try await plane.soon { try Self.steadyState(plane, id)?["verdict"] == "held" })
            let shown = try Self.steadyState(plane, id)
            #expect(
                shown?["deviations"] == [] && shown?["recoverySeconds"] == .number(0),
                "\(shown ?? .null)"
            )
        }
    }

    @Test func `a probe that leaves its tolerance stops nothing, and its recovery is measured`() async throws
    {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            speaker.say(.breached, "1 element")
            #expect(
                try await plane.soon { try Self.steadyState(plane, id)?["deviations"]?.elements?.count == 1 }
            )
            #expect(try plane.status(id) == "running")
            _ = try plane.ask("DELETE", "/experiments/\(id)")
            try await plane.wait(for: "stopped", of: id)
            let before = speaker.count
            #expect(try await plane.soon { speaker.count > before + 2 })
            #expect(try Self.steadyState(plane, id)?["verdict"] == .null)
            speaker.say(.clear, "no element")
            #expect(try await plane.soon { try Self.steadyState(plane, id)?["verdict"] == "deviated" })
            guard case .number(let seconds) = try Self.steadyState(plane, id)?["recoverySeconds"] else {
                return #expect(Bool(false), "no time of recovery")
            }
            #expect(seconds > 0 && seconds < 30)
            // Nobody looks any more.
            let database = try plane.node.experiments.database.opened()
            let reader = OperationContext(
                account: Plane.first,
                actor: .system,
                origin: .background,
                requestID: "a test"
            )
            let isOver = try await plane.soon {
                let guards = try await database.statement { transaction throws(StoreError) in
                    try transaction.guardList(reader, experiment: id)
                }
                return guards.map(\.dueAt) == [nil]
            }
            #expect(isOver)
        }
    }

    @Test func `a system that is not itself before the first fault is left alone`() async throws {
        try await Self.lend { plane, speaker in
            speaker.say(.breached, "1 element")
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "stopped", of: id)
            let reason = try plane.experiment(id)?["state"]?["reason"]?.text ?? ""
            #expect(reason.hasPrefix("Experiment stopped before its first fault:"), "\(reason)")
            #expect(try Self.steadyState(plane, id)?["verdict"] == "not evaluated")
            #expect(
                try plane.ask("GET", "/v1/faults/checkout?instance=i-1").json?["version"] == .integer(1 << 32)
            )
        }
    }

    @Test func `beside stop conditions both are read first, and only the conditions end the run`()
        async throws
    {
        try await Self.lend { plane, speaker in
            let condition: JSON = ["source": "prometheus", "value": "sum(up{job}) by (job) == 0"]
            let probe: JSON = ["name": "up", "source": "prometheus", "value": "max(up{job}) by (job) == 0"]
            let members: [JSON.Member] = [
                .init("stopConditions", [condition]), .init("steadyStateHypothesis", ["probes": [probe]]),
            ]
            let id = try plane.start(try plane.template(Sample.delay(for: "PT5M", members)))
            try await plane.wait(for: "running", of: id)
            speaker.say(.breached, "1 element")
            try await plane.wait(for: "stopped", of: id)
            let reason = try plane.experiment(id)?["state"]?["reason"]?.text ?? ""
            #expect(reason.hasPrefix("Experiment halted by stop condition. stopConditions[0]"), "\(reason)")
            speaker.say(.clear, "no element")
            #expect(try await plane.soon { try Self.steadyState(plane, id)?["verdict"] != .null })
        }
    }

    @Test func `what was lost of the beginning does not make a run that is under way one that has not begun`()
        async throws
    {
        try await Self.lend { plane, speaker in
            let id = try plane.start(try plane.template(Self.template()))
            try await plane.wait(for: "running", of: id)
            speaker.say(.breached, "1 element")
            try await plane.node.experiments.database.opened().guardsPretend(.forgotten)
            #expect(
                try await plane.soon { try Self.steadyState(plane, id)?["deviations"]?.elements?.count == 1 }
            )
            let before = speaker.count
            #expect(try await plane.soon { speaker.count > before + 2 })
            #expect(try plane.status(id) == "running")
        }
    }

    @Test func `what an action asserts of an alarm is looked up once`() async throws {
        try await Self.lend { plane, speaker in
            let alarm = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors"
            let check: JSON = [
                "actionId": "aws:cloudwatch:assert-alarm-state",
                "parameters": ["alarmArns": .string(alarm), "alarmStates": "OK"],
            ]
            let template = Sample.template(token: Sample.fresh(), [.init("actions", ["Check": check])])
            let fine = try plane.start(try plane.template(template))
            try await plane.wait(for: "completed", of: fine)
            speaker.say(.breached, "ALARM")
            let other = Sample.template(token: Sample.fresh(), [.init("actions", ["Check": check])])
            let wrong = try plane.start(try plane.template(other))
            try await plane.wait(for: "failed", of: wrong)
            let state = try plane.experiment(wrong)?["state"]
            #expect(
                state?["reason"]
                    == .string("Action Check failed: alarmArns[0], aws:cloudwatch:alarm \"\(alarm)\": ALARM.")
            )
            #expect(state?["error"]?["code"] == "DependentServiceFailure")
        }
    }
}

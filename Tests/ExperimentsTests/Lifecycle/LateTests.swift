import Base
import Experiments
import Testing

@Suite struct LateTests {
    @Test func `after an hour without a node nothing is published that should have been over`() throws {
        var stage = Stage([
            Stage.fault("Latency", 60), Stage.wait("Wait", 30, after: ["Latency"]),
            Stage.fault("Error", 60, after: ["Wait"]), Stage.wait("Rest", 10, after: ["Error"]),
        ])
        try stage.begin()
        let reason =
            "no node drove the run between 2026-09-21T14:14:50.000Z and 2026-09-21T14:15:50.000Z, when the action was due;"
            + " its faults were not published."
        #expect(
            stage.look(3_600) == [
                "clear Latency",
                "60.0: Latency running > completed Action was completed.",
                "60.0: Wait pending > initiating Action is initiating.",
                "60.0: Wait initiating > running ",
                "90.0: Wait running > completed Action was completed.",
                "3600.0: Error pending > failed \(reason)",
                "3600.0: Rest pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "3600.0: EXP1 running > failed Action Error failed: \(reason)",
            ]
        )
        #expect(stage.run.error == RunError(code: .internalFailure, location: "Error"))
        #expect(stage.run.endedAt == Stage.second(3_600) && stage.published == [])
    }

    @Test func `what only waited has ended when it should have`() throws {
        var stage = Stage([
            Stage.fault("A", 60), Stage.wait("B", 30, after: ["A"]), Stage.wait("C", 30, after: ["B"]),
        ])
        try stage.begin()
        stage.look(3_600)
        #expect(stage.times == ["A 0.0-60.0", "B 60.0-90.0", "C 90.0-120.0"])
        #expect(stage.run.status == .completed && stage.run.endedAt == Stage.second(120))
    }

    @Test func `a fault that should be on is published late, and ends when it should`() throws {
        var stage = Stage([Stage.fault("A", 60), Stage.fault("B", 60, after: ["A"])])
        try stage.begin()
        #expect(stage.look(75).prefix(2) == ["clear A", "publish B"])
        #expect(stage.run.action("B")?.endsAt == Stage.second(120))
    }

    @Test func `a fault is not published in the very moment of its end`() throws {
        var stage = Stage([Stage.fault("A", 60), Stage.fault("B", 60, after: ["A"])])
        try stage.begin()
        stage.look(120)
        #expect(stage.states == ["A completed", "B failed"] && stage.published == [])
    }

    @Test func `what was begun and stopped in one look was never published`() throws {
        var stage = Stage([
            Stage.wait("A", 10), Stage.fault("B", 300, after: ["A"]), Stage.wait("C", 20),
            Stage.fault("D", 5, after: ["C"]),
        ])
        try stage.begin()
        #expect(stage.look(60).filter { $0.hasPrefix("publish") || $0.hasPrefix("clear") } == [])
        #expect(stage.states == ["A completed", "B stopped", "C completed", "D failed"])
    }

    @Test func `stopping late ends by itself what had ended, and begins nothing`() throws {
        var stage = Stage([
            Stage.fault("A", 60), Stage.fault("B", 3_600, after: ["A"]), Stage.fault("C", 4_000),
        ])
        try stage.begin()
        #expect(
            stage.stop(.user, 600) == [
                "clear A C",
                "60.0: A running > completed Action was completed.",
                "600.0: B pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "600.0: C running > stopping Stopping action.",
                "600.0: EXP1 running > stopping Stopping Experiment.",
            ]
        )
    }

    @Test func `stopping a run that was over by then says so`() throws {
        var stage = Stage([Stage.fault("A", 60)])
        try stage.begin()
        #expect(
            stage.stop(.user, 600) == [
                "clear A",
                "60.0: A running > completed Action was completed.",
                "60.0: EXP1 running > completed Experiment completed.",
                "note: Experiment EXP1 is already completed; nothing was changed.",
            ]
        )
    }

    @Test func `targets are looked for again where nobody said what was found`() throws {
        var stage = Stage([Stage.fault("A", 60)])
        stage.look(1)
        #expect(stage.look(2) == ["resolve"])
    }

    @Test func `a run that takes too long fails, and what ends in its last moment has ended well`() throws {
        var stage = Stage([
            Stage.fault("Short", 43_200), Stage.fault("Long", 43_201),
            Stage.wait("After", 1, after: ["Short"]),
        ])
        try stage.begin()
        #expect(stage.run.nextDue == Stage.second(43_200))
        #expect(
            stage.look(43_200) == [
                "clear Short Long",
                "43200.0: Short running > completed Action was completed.",
                "43200.0: Long running > stopping Stopping action.",
                "43200.0: Long stopping > stopped Action was stopped because the experiment ended.",
                "43200.0: After pending > cancelled Action was cancelled because the experiment ended before it could start.",
                "43200.0: EXP1 running > failed Experiment took longer than the 43200 s an experiment may take.",
            ]
        )
        #expect(stage.run.error == RunError(code: .quotaExceeded, location: "experiment"))
        var exact = Stage([Stage.fault("A", 43_200)])
        try exact.begin()
        exact.look(43_200)
        #expect(exact.run.status == .completed)
    }

    @Test func `the time that finding the targets takes is not held against the longest action`() throws {
        var stage = Stage([Stage.fault("A", 43_200)])
        stage.look(0)
        try stage.resolve([Stage.resolved()], 2)
        #expect(stage.run.nextDue == Stage.second(43_202))
        stage.look(43_202)
        #expect(stage.run.status == .completed)
    }

    @Test func `a clock that steps back a little changes nothing`() throws {
        var stage = Stage([Stage.fault("A", 60), Stage.fault("B", 60, after: ["A"])])
        try stage.begin()
        stage.look(60)
        #expect(stage.look(10) == [])
        #expect(
            stage.stop(.user, 5).last == "60.0: EXP1 running > stopping Stopping Experiment.",
            "times never fall"
        )
    }
}

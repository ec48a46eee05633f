import Base
import Experiments
import Testing

@Suite struct StopTests {
    private static let cancelled = "Action was cancelled because the experiment ended before it could start."
    private static let stopped = "Action was stopped because the experiment ended."

    private static let causes: [Row<StopCause, String>] = [
        Row("a person", .user, "Experiment stopped by request."),
        Row(
            "a stop condition",
            .stopCondition("alarm:Errors is in ALARM."),
            "Experiment halted by stop condition. alarm:Errors is in ALARM."
        ),
        Row("the lever", .lever("drill"), "Experiment stopped by the safety lever: drill"),
        Row(
            "a cause with much to say",
            .lever(String(repeating: "é", count: 600)),
            "Experiment stopped by the safety lever: " + String(repeating: "é", count: 471) + "…"
        ),
    ]

    @Test(arguments: causes) func `a stop clears at once, and the run has stopped at the next look`(
        _ row: Row<StopCause, String>
    ) throws {
        var stage = Stage([Stage.fault("A", 60), Stage.wait("B", 90), Stage.fault("C", 60, after: ["A"])])
        try stage.begin()
        #expect(
            stage.stop(row.input, 10) == [
                "clear A",
                "10.0: A running > stopping Stopping action.",
                "10.0: B running > stopping Stopping action.",
                "10.0: C pending > cancelled \(Self.cancelled)",
                "10.0: EXP1 running > stopping Stopping Experiment.",
            ]
        )
        #expect(stage.published == [] && stage.run.nextDue == Stage.second(10))
        #expect(
            stage.look(12) == [
                "12.0: A stopping > stopped \(Self.stopped)",
                "12.0: B stopping > stopped \(Self.stopped)",
                "12.0: EXP1 stopping > stopped \(row.output)",
            ]
        )
        #expect(stage.run.reason.unicodeScalars.count <= 512)
        #expect(
            stage.times == ["A 0.0-10.0", "B 0.0-10.0", "C -10.0"],
            "actions ended when they were cleared"
        )
        #expect(stage.run.endedAt == Stage.second(12) && stage.run.error == nil)
    }

    @Test func `the lever cancels what has not started`() {
        var stage = Stage([Stage.fault("A", 60)])
        #expect(
            stage.stop(.lever("drill"), 1) == [
                "1.0: A pending > cancelled \(Self.cancelled)",
                "1.0: EXP1 pending > cancelled Experiment cancelled because the safety lever was engaged before it started: drill",
            ]
        )
        #expect(stage.run.startedAt == nil && stage.run.endedAt == Stage.second(1))
    }

    @Test(arguments: [false, true]) func `a stop before the first fault publishes nothing`(
        initiating: Bool
    ) throws {
        var stage = Stage([Stage.fault("A", 60)])
        if initiating { stage.look(0) }
        let status = initiating ? "initiating" : "pending"
        #expect(
            stage.stop(.user, 1) == [
                "1.0: A pending > cancelled \(Self.cancelled)",
                "1.0: EXP1 \(status) > stopping Stopping Experiment.",
            ]
        )
        #expect(stage.look(1) == ["1.0: EXP1 stopping > stopped Experiment stopped by request."])
        #expect(throws: RunRefusal.notNow(.targetsResolved, .stopped)) { try stage.resolve() }
    }

    @Test func `a second stop does not change the first one's cause`() throws {
        var stage = Stage([Stage.fault("A", 60)])
        try stage.begin()
        stage.stop(.stopCondition("Too many errors."), 5)
        stage.stop(.lever("drill"), 6)
        stage.look(7)
        #expect(stage.run.reason == "Experiment halted by stop condition. Too many errors.")
    }
}

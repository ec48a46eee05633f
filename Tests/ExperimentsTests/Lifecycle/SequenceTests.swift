import Base
import Experiments
import Testing

@Suite struct SequenceTests {
    private static let workshop = [
        Stage.fault("Latency", 60),
        Stage.wait("Wait1", 30, after: ["Latency"]),
        Stage.fault("StatusCode", 60, after: ["Wait1"]),
        Stage.wait("Wait2", 30, after: ["StatusCode"]),
        Stage.fault("Exception", 60, after: ["Wait2"]),
        Stage.wait("Wait3", 30, after: ["Exception"]),
        Stage.fault("Disable", 60, after: ["Wait3"], parameters: [.init("invocationPercentage", "0")]),
    ]

    private static func begins(_ name: String, _ at: Int) -> [String] {
        [
            "\(at).0: \(name) pending > initiating Action is initiating.",
            "\(at).0: \(name) initiating > running ",
        ]
    }

    private static func ends(_ name: String, _ at: Int) -> String {
        "\(at).0: \(name) running > completed Action was completed."
    }

    @Test func `seven steps follow each other at their times, each fault on for its own`() throws {
        var stage = Stage(Self.workshop)
        #expect(stage.look(0) == ["resolve", "0.0: EXP1 pending > initiating Experiment is initiating."])
        #expect(
            try stage.resolve() == [
                "publish Latency",
                "0.0: Functions pending > completed [\(Stage.arn("checkout"))] ",
                "0.0: EXP1 initiating > running Experiment is running.",
            ] + Self.begins("Latency", 0)
        )
        #expect(stage.run.nextDue == Stage.second(60))
        #expect(stage.look(59.999) == [])
        #expect(
            stage.play() == [
                ["clear Latency", Self.ends("Latency", 60)] + Self.begins("Wait1", 60),
                ["publish StatusCode", Self.ends("Wait1", 90)] + Self.begins("StatusCode", 90),
                ["clear StatusCode", Self.ends("StatusCode", 150)] + Self.begins("Wait2", 150),
                ["publish Exception", Self.ends("Wait2", 180)] + Self.begins("Exception", 180),
                ["clear Exception", Self.ends("Exception", 240)] + Self.begins("Wait3", 240),
                ["publish Disable", Self.ends("Wait3", 270)] + Self.begins("Disable", 270),
                [
                    "clear Disable", Self.ends("Disable", 330),
                    "330.0: EXP1 running > completed Experiment completed.",
                ],
            ]
        )
        #expect(stage.run.status == .completed && stage.run.reason == "Experiment completed.")
        #expect(stage.run.startedAt == Stage.second(0) && stage.run.endedAt == Stage.second(330))
        #expect(stage.run.nextDue == nil && stage.published == [])
    }

    @Test func `looking late moves nothing: each step keeps the time it was due`() throws {
        var stage = Stage(Self.workshop)
        try stage.begin()
        for second in [61.5, 90.25, 150.1, 183, 240, 270, 331] { stage.look(second) }
        #expect(
            stage.times == [
                "Latency 0.0-60.0", "Wait1 60.0-90.0", "StatusCode 90.0-150.0", "Wait2 150.0-180.0",
                "Exception 180.0-240.0", "Wait3 240.0-270.0", "Disable 270.0-330.0",
            ]
        )
        #expect(stage.run.endedAt == Stage.second(330))
    }

    @Test func `an action begins when the last of those it waits for has ended`() throws {
        var stage = Stage([
            Stage.wait("Top", 10), Stage.fault("Left", 20, after: ["Top"]),
            Stage.fault("Right", 35, after: ["Top"]),
            Stage.fault("Bottom", 5, after: ["Left", "Right"]),
        ])
        try stage.begin()
        _ = stage.play()
        #expect(stage.times == ["Top 0.0-10.0", "Left 10.0-30.0", "Right 10.0-45.0", "Bottom 45.0-50.0"])
        #expect(stage.run.status == .completed)
    }

    @Test func `ten run side by side, the others take their places in the template's order`() throws {
        var stage = Stage((1...20).map { Stage.fault("A\($0)", 10 * $0) })
        try stage.begin()
        #expect(stage.published == Set((1...10).map { "A\($0)" }))
        #expect(stage.look(10).prefix(2) == ["clear A1", "publish A11"])
        var most = 0
        while let due = stage.run.nextDue {
            most = max(most, stage.published.count)
            stage.take(stage.run.timePassed(at: due))
        }
        #expect(most == 10)
        #expect(
            stage.times
                == (1...20).map { number in
                    let from = number <= 10 ? 0 : 10 * (number - 10)
                    return "A\(number) \(from).0-\(from + 10 * number).0"
                }
        )
    }

    @Test func `how many run side by side can be set`() throws {
        var limits = RunLimits()
        limits.parallelActions = 1
        var stage = Stage([Stage.wait("A", 10), Stage.wait("B", 5), Stage.wait("C", 1)], limits: limits)
        try stage.begin()
        _ = stage.play()
        #expect(stage.times == ["A 0.0-10.0", "B 10.0-15.0", "C 15.0-16.0"])
    }

    @Test func `a run without actions is over once its targets are resolved`() throws {
        var stage = Stage([])
        stage.look(0)
        #expect(
            try stage.resolve([Stage.resolved()], 2) == [
                "2.0: Functions pending > completed [\(Stage.arn("checkout"))] ",
                "2.0: EXP1 initiating > running Experiment is running.",
                "2.0: EXP1 running > completed Experiment completed.",
            ]
        )
    }

    @Test func `actions without a duration begin and end in the same moment`() throws {
        var stage = Stage([
            Stage.wait("A", 0), Stage.fault("B", 0, after: ["A"]), Stage.wait("C", 0, after: ["B"]),
        ])
        stage.look(0)
        let told = try stage.resolve()
        #expect(
            told.first?.hasPrefix("0.0: Functions") == true,
            "nothing is published that is not on for any time"
        )
        #expect(stage.times == ["A 0.0-0.0", "B 0.0-0.0", "C 0.0-0.0"])
        #expect(stage.run.status == .completed)
    }

    @Test func `in skip-all targets are resolved, and every action is skipped`() throws {
        let actions = [Stage.fault("Delay", 60), Stage.unsupported("StopThem")]
        var stage = Stage(actions, mode: .skipAll)
        stage.look(0)
        let skipped =
            "pending > skipped Action was skipped because the experiment was started with actionsMode skip-all."
        #expect(
            try stage.resolve([Stage.resolved()], 1) == [
                "1.0: Functions pending > completed [\(Stage.arn("checkout"))] ",
                "1.0: Delay \(skipped)",
                "1.0: StopThem \(skipped)",
                "1.0: EXP1 initiating > running Experiment is running.",
                "1.0: EXP1 running > completed Experiment completed.",
            ]
        )
        #expect(stage.run.nextDue == nil)
    }

    @Test func `a skipped action lets those after it begin`() throws {
        let other = TemplateTarget(
            name: "Other",
            resourceType: "aws:lambda:function",
            resourceTags: [Tag("a", "b")]
        )
        var stage = Stage(
            [Stage.fault("Empty", 60, target: "Other"), Stage.fault("Then", 30, after: ["Empty"])],
            targets: [Stage.functions, other],
            emptyTargets: .skip
        )
        stage.look(0)
        #expect(
            try stage.resolve([Stage.resolved(), Stage.resolved("Other", [])]) == [
                "publish Then",
                "0.0: Functions pending > completed [\(Stage.arn("checkout"))] ",
                "0.0: Other pending > completed ",
                "0.0: Empty pending > skipped Action was skipped because target Other is empty. No functions are known.",
                "0.0: EXP1 initiating > running Experiment is running.",
            ] + Self.begins("Then", 0)
        )
    }
}

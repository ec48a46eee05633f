import Base
import Experiments
import Testing

@Suite struct ExperimentLogTests {
    private static func log(_ stage: Stage) -> [String] {
        ExperimentLog(
            experimentID: "EXP1",
            templateID: "EXT1",
            accountID: "000000000000",
            template: stage.run.template
        ).records(stage.events).map { String(decoding: $0.encoded, as: UTF8.self) }
    }

    private static func record(_ type: String, _ time: String, _ details: String) -> String {
        #"{"id":"EXP1","log_type":"\#(type)","event_timestamp":"2026-09-21T14:\#(time)Z","version":"2","#
            + #""details":{\#(details)}}"#
    }

    private static func time(_ name: String, _ time: String) -> String {
        #""\#(name)":"2026-09-21T14:\#(time)Z""#
    }

    @Test func `a whole run is told record by record`() throws {
        var stage = Stage([
            Stage.fault("Delay", 60, parameters: [.init("startupDelayMilliseconds", "2000")]),
            TemplateAction(name: "Wait", actionID: "aws:fis:wait", startAfter: ["Delay"]),
        ])
        try stage.begin([Stage.resolved("Functions", ["cart", "checkout"])])
        _ = stage.play()
        let (start, end) = ("13:20.000", "14:20.000")
        let target =
            Self.time("target_resolution_end_time", start)
            + #","target_name":"Functions","target_type":"aws:lambda:function""#
        let delay = #""action_name":"Delay","action_id":"aws:lambda:invocation-add-delay","#
        let wait = #""action_name":"Wait","action_id":"aws:fis:wait","#
        let completed = #","action_state":{"status":"completed","reason":"Action was completed."}"#
        #expect(
            Self.log(stage) == [
                Self.record(
                    "experiment-start",
                    start,
                    #""experiment_template_id":"EXT1","# + Self.time("experiment_start_time", start)
                ),
                Self.record(
                    "target-resolution-start",
                    start,
                    Self.time("target_resolution_start_time", start) + #","target_name":"Functions""#
                ),
                Self.record(
                    "target-resolution-detail",
                    start,
                    target + #","account_id":"000000000000","resolved_targets_count":2,"status":"completed""#
                ),
                Self.record(
                    "target-resolution-end",
                    start,
                    target
                        + #","resolved_targets":[{"arn":"\#(Stage.arn("cart"))"},{"arn":"\#(Stage.arn("checkout"))"}]"#
                        + #","page":1,"total_pages":1,"total_resolved_targets_count":2"#
                ),
                Self.record(
                    "action-start",
                    start,
                    delay + Self.time("action_start_time", start)
                        + #","action_targets":{"Functions":"Functions"},"#
                        + #""parameters":{"duration":"PT60S","ifUnheld":"complete","startupDelayMilliseconds":"2000"}"#
                ),
                Self.record("action-end", end, delay + Self.time("action_end_time", end) + completed),
                Self.record(
                    "action-start",
                    end,
                    wait + Self.time("action_start_time", end) + #","action_targets":{}"#
                ),
                Self.record("action-end", end, wait + Self.time("action_end_time", end) + completed),
                Self.record(
                    "experiment-end",
                    end,
                    Self.time("experiment_end_time", end)
                        + #","experiment_state":{"status":"completed","reason":"Experiment completed."}"#
                ),
            ]
        )
    }

    @Test func `a failed action has a record of its error before that of its end`() throws {
        var stage = Stage([Stage.fault("Delay", 60)])
        try stage.begin()
        stage.take(
            try stage.run.actionFailed("Delay", code: .configuration, reason: "Bad.", at: Stage.second(1))
        )
        let named = #""action_name":"Delay","action_id":"aws:lambda:invocation-add-delay","#
        let state = #""action_state":{"status":"failed","reason":"Bad."}"#
        #expect(
            Self.log(stage).dropFirst(5) == [
                Self.record("action-error", "13:21.000", named + #""account_id":"000000000000","# + state),
                Self.record(
                    "action-end",
                    "13:21.000",
                    named + Self.time("action_end_time", "13:21.000") + "," + state
                ),
                Self.record(
                    "experiment-end",
                    "13:21.000",
                    Self.time("experiment_end_time", "13:21.000")
                        + #","experiment_state":{"status":"failed","reason":"Action Delay failed: Bad."}"#
                ),
            ]
        )
    }

    @Test func `a failed resolution says why, and lists nothing`() throws {
        var stage = Stage([])
        try stage.begin([Stage.resolved("Functions", [])])
        let reason = "Target resolution returned empty set. No functions are known."
        let target =
            Self.time("target_resolution_end_time", "13:20.000")
            + #","target_name":"Functions","target_type":"aws:lambda:function""#
        #expect(
            Self.log(stage)[2...3] == [
                Self.record(
                    "target-resolution-detail",
                    "13:20.000",
                    target + #","account_id":"000000000000","resolved_targets_count":0,"status":"failed","#
                        + #""error_information":"\#(reason)""#
                ),
                Self.record(
                    "target-resolution-end",
                    "13:20.000",
                    target
                        + #","resolved_targets":[],"page":1,"total_pages":1,"total_resolved_targets_count":0,"#
                        + #""error_information":"\#(reason)""#
                ),
            ]
        )
    }

    @Test func `resources are listed a hundred to a page`() throws {
        var stage = Stage([])
        try stage.begin([Stage.resolved("Functions", (0..<201).map { "f\($0)" })])
        let records = ExperimentLog(
            experimentID: "EXP1",
            templateID: "EXT1",
            accountID: "000000000000",
            template: stage.run.template
        ).records(stage.events)
        let pages = records.filter { $0["log_type"] == "target-resolution-end" }.compactMap { $0["details"] }
        #expect(pages.map { $0["resolved_targets"]?.elements?.count } == [100, 100, 1])
        #expect(pages.map { $0["page"]?.whole } == [1, 2, 3])
        #expect(pages.allSatisfy { $0["total_pages"] == 3 && $0["total_resolved_targets_count"] == 201 })
        #expect(pages.last?["resolved_targets"] == [["arn": .string(Stage.arn("f200"))]])
    }

    @Test func `a run that was cancelled before it started has an end only`() {
        var stage = Stage([Stage.fault("Delay", 60)])
        stage.stop(.lever("drill"), 1)
        #expect(Self.log(stage).count == 2)
        #expect(Self.log(stage).last?.contains(#""log_type":"experiment-end""#) == true)
    }
}

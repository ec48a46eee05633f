import Base
import Glibc
import TestSupport
import Testing

/// A server killed at every change of a run, before it is written and after: the next one ends the run as it should have ended.
@Suite(.timeLimit(.minutes(10))) struct CrashMatrixTests {
    /// One way for a run to go, with every change that it makes on the way.
    struct Way: Sendable, CustomTestStringConvertible {
        let name: String
        let template: JSON
        var isStopped = false
        /// The lever stands engaged when the run is asked for.
        var isHeldBack = false
        var mode = "run-all"
        /// How the run ends, whoever dies on the way.
        let end: String
        let changes: [String]

        var testDescription: String { name }
    }

    private static let fault: JSON = [
        "actionId": "aws:lambda:invocation-error", "targets": ["Functions": "Fns"],
        "parameters": ["duration": "PT1S", "preventExecution": "true", "ifUnheld": "complete"],
    ]

    private static func template(
        _ actions: JSON,
        tag: String = "prod",
        targets: Bool = true
    ) -> JSON {
        [
            "description": "crash", "roleArn": "arn:aws:iam::000000000000:role/fis",
            "stopConditions": [["source": "none"]], "actions": actions,
            "targets": targets
                ? [
                    "Fns": [
                        "resourceType": "aws:lambda:function", "resourceTags": ["env": .string(tag)],
                        "selectionMode": "ALL",
                    ]
                ] : [:],
        ]
    }

    static let ways = [
        Way(
            name: "to its end",
            template: template(["Fail": fault]),
            end: "completed",
            changes: [
                "experiment.pending", "experiment.initiating", "target.completed", "experiment.running",
                "action.initiating", "action.running", "action.completed", "experiment.completed",
            ]
        ),
        Way(
            name: "stopped by request",
            template: template([
                "Fail": [
                    "actionId": "aws:lambda:invocation-error", "targets": ["Functions": "Fns"],
                    "parameters": ["duration": "PT10M", "preventExecution": "true"],
                ],
                "Later": [
                    "actionId": "aws:fis:wait", "parameters": ["duration": "PT1M"], "startAfter": ["Fail"],
                ],
            ]),
            isStopped: true,
            end: "stopped",
            changes: [
                "experiment.stopping", "action.stopping", "action.cancelled", "action.stopped",
                "experiment.stopped",
            ]
        ),
        Way(
            name: "failed by an action nobody performs",
            template: template(
                [
                    "Assert": [
                        "actionId": "aws:cloudwatch:assert-alarm-state",
                        "parameters": [
                            "alarmArns": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a",
                            "alarmStates": "OK",
                        ],
                    ]
                ],
                targets: false
            ),
            end: "failed",
            changes: ["action.failed", "experiment.failed"]
        ),
        Way(
            name: "failed by a target that is empty",
            template: template(["Fail": fault], tag: "none"),
            end: "failed",
            changes: ["target.failed"]
        ),
        Way(
            name: "held back by the lever",
            template: template(["Fail": fault]),
            isHeldBack: true,
            end: "cancelled",
            changes: ["experiment.cancelled"]
        ),
        Way(
            name: "a preview",
            template: template(["Fail": fault]),
            mode: "skip-all",
            end: "completed",
            changes: ["action.skipped"]
        ),
    ]

    static let cases =
        ways.flatMap { way in
            way.changes.flatMap { change in ["\(change).before-commit", "\(change).after-commit"] }.map {
                (way, $0)
            }
        } + [(ways[0], "reconcile.claimed")]

    @Test(
        "killed at each change, the next server ends the run once, on time, with nothing left",
        arguments: cases
    )
    func killed(_ way: Way, at failpoint: String) async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let first = try await place.start(
                    ["--database-url", url],
                    environment: ["FAULTPLANE_FAILPOINT": failpoint]
                )
                _ = try first.port()
                let id = try RunDrill(first).begin(way)
                #expect(try first.ended() == .killed(signal: SIGKILL), "\(failpoint) is never passed")

                let second = try await place.start(["--database-url", url])
                _ = try second.port()
                let drill = RunDrill(second)
                let run = try await drill.finish(way, known: id)
                #expect(run["state"]?["status"]?.text == way.end, "\(run)")
                try drill.checkHistory(of: run)
                try await drill.checkDocument()
                #expect(try drill.count() == 1, "one token, one run")
                #expect(try second.stop() == .exited(0))
            }
        }
    }
}

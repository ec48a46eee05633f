import Base
import Glibc
import TestSupport
import Testing

/// A server that is killed while runs hold and wait for a target: the next one has them go on in their order, and lets go.
@Suite(.timeLimit(.minutes(10))) struct OverlapCrashTests {
    /// Runs that wait for each other, each with a fault of that length.
    static func way(for duration: String) -> CrashMatrixTests.Way {
        CrashMatrixTests.Way(
            name: "one after the other",
            template: [
                "description": "crash", "roleArn": "arn:aws:iam::000000000000:role/fis",
                "stopConditions": [["source": "none"]],
                "experimentOptions": ["overlapPolicy": "queue", "queueTimeout": "PT1M"],
                "actions": [
                    "Fail": [
                        "actionId": "aws:lambda:invocation-error", "targets": ["Functions": "Fns"],
                        "parameters": [
                            "duration": .string(duration), "preventExecution": "true", "ifUnheld": "complete",
                        ],
                    ]
                ],
                "targets": [
                    "Fns": [
                        "resourceType": "aws:lambda:function", "resourceTags": ["env": "prod"],
                        "selectionMode": "ALL",
                    ]
                ],
            ],
            end: "completed",
            changes: []
        )
    }

    @Test(
        "killed where one waits for the other, both end completed, one after the other",
        arguments: [
            "experiment.waiting.before-commit", "experiment.waiting.after-commit",
            "experiment.promoted.before-commit", "experiment.promoted.after-commit",
            "experiment.completed.before-commit", "experiment.completed.after-commit",
        ]
    )
    func killed(at failpoint: String) async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let first = try await place.start(
                    ["--database-url", url],
                    environment: ["FAULTPLANE_FAILPOINT": failpoint]
                )
                _ = try first.port()
                let (before, way) = (RunDrill(first), Self.way(for: "PT1S"))
                let template = try before.prepare(way)
                let held = try #require(before.start(way, template, token: "held"))
                let known = before.start(way, template, token: "waits")
                #expect(try first.ended() == .killed(signal: SIGKILL), "\(failpoint) is never passed")

                let second = try await place.start(["--database-url", url])
                _ = try second.port()
                let drill = RunDrill(second)
                let waits = try #require(drill.start(way, template, token: "waits"))
                if let known { #expect(known == waits) }
                let ends = try [held, waits].map { run in try drill.poll(run) { $0 == "completed" } }
                for run in ends { try drill.checkHistory(of: run) }
                let (end, start) = (ends[0]["endTime"]?.double ?? 0, ends[1]["startTime"]?.double ?? 0)
                #expect(end > 0 && start >= end - 0.002, "\(start) before \(end)")
                try await drill.checkDocument()
                #expect(try drill.count() == 2)
                #expect(try await database.targetsInUse() == 0)
                #expect(try second.stop() == .exited(0))
            }
        }
    }
}

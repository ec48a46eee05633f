import Base
import Store
import TestSupport
import Testing

@testable import ControlPlane

/// What a node does beside its requests for the history of runs.
@Suite(.timeLimit(.minutes(10))) struct UpkeepTests {
    private func value(_ plane: Plane, _ name: String, _ labels: [String: String] = [:]) throws -> Double {
        try PrometheusText(plane.ask("GET", "/metrics").text).value(name, labels) ?? -1
    }

    @Test func `a node seals what happens, and counts runs, steps and seals`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let running = ["status": "running"]
            let isCounted = try await plane.soon {
                plane.node.sealing.nudge()
                return try value(plane, "faultplane_experiments_active", running) == 1
            }
            #expect(isCounted)
            #expect(try value(plane, "faultplane_event_seals_total") >= 1)
            #expect(try value(plane, "faultplane_experiment_steps_total") >= 1)
            #expect(try value(plane, "faultplane_experiments_unreadable_total") == 0)
            #expect(try plane.ask("DELETE", "/experiments/\(id)").status == 200)
            let isOver = try await plane.soon {
                plane.node.sealing.nudge()
                return try value(plane, "faultplane_experiments_active", running) == 0
            }
            #expect(isOver)
        }
    }

    @Test func `a node that starts forgets what need not be kept any more`() async throws {
        try await withDatabaseURL { _, url in
            let folder = TemporaryFolder()
            let first = try Plane(folder: folder, url: url)
            let ids = Locked<[String]>([])
            try await first.run {
                try await first.boot()
                let template = try first.template()
                let ended = try first.start(template, [Sample.skipped])
                try await first.wait(for: "completed", of: ended)
                ids.withLock { $0 = [ended] }
            }
            let ended = ids.withLock { $0[0] }
            let second = try Plane(url: url) {
                $0.quotas.retention = .zero
                $0.masterKeyPath = folder.path + "/master.key"
            }
            try await second.run {
                try await second.boot()
                let isGone = try await second.soon {
                    try second.ask("GET", "/experiments/\(ended)").status == 404
                }
                #expect(isGone)
                let running = try second.start(try second.template())
                try await second.wait(for: "running", of: running)
            }
            let told = second.log.all.filter { $0.contains(#""msg":"old runs forgotten","runs.count":1"#) }
            #expect(told.count == 1)
        }
    }
}

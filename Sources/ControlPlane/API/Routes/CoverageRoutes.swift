import Base
import HTTPServer
import Store

/// `/experiments/{id}/coverage`: whether a run's faults arrived, and whether they have ended, as instances told.
struct CoverageRoutes: Sendable {
    let experiments: ExperimentRuns

    var all: [Route] {
        [
            Route(
                .get,
                "/experiments/{experimentId}/coverage",
                "GetExperimentCoverage",
                .holder(of: .read),
                .task(coverage)
            )
        ]
    }

    private func coverage(_ call: Call) async throws(APIError) -> Reply {
        let context = try call.context()
        let row = try await experiments.read(context, try call.experimentID())
        let found = try await experiments.coverage(context, of: row.id)
        let injections = try await experiments.injections(context, of: row.id)
        return Reply([
            "targets": .array(
                found.map { Self.json($0, injected: injections[InjectedFault($0.action, $0.target)]) }
            )
        ])
    }

    private static func json(_ coverage: FaultCoverage, injected: Int64?) -> JSON {
        func count(_ number: Int) -> JSON { .integer(Int64(number)) }
        return [
            "action": .string(coverage.action), "target": .string(coverage.target),
            "seen": count(coverage.seen), "holding": count(coverage.holding), "held": count(coverage.held),
            "rejecting": count(coverage.rejecting),
            "reasons": .object(
                coverage.reasons.sorted { $0.key < $1.key }.map { .init($0.key, count($0.value)) }
            ),
            "cleared": count(coverage.cleared), "off": count(coverage.off),
            "silent": .array(
                coverage.silentNames.sorted { $0.key < $1.key }.prefix(100).map { name, until in
                    ["instance": .string(name), "offBy": .number(until)]
                }
            ),
            "silentCount": count(coverage.silent), "untracked": count(coverage.untracked),
            "withoutLease": count(coverage.withoutLease), "unknown": count(coverage.unknown),
            "firstHeldAt": coverage.firstHeldAt?.json ?? .null,
            "lastHeldAt": coverage.lastHeldAt?.json ?? .null,
            // Null where no instance said that it injected it.
            "injected": injected.map { .integer($0) } ?? .null,
        ]
    }
}

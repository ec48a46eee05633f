import Base
import Experiments
import Store

/// What can be done with the safety lever, which stops everything and keeps it stopped.
///
/// One way to engage it, whoever asks and in whatever words: first the lever is recorded, so that nothing can begin any more,
/// then every run is stopped; the lever is engaged once nothing is left that runs.
struct SafetyLever: Sendable {
    let runs: ExperimentRuns
    let time: DeploymentTime

    private static let batch = 100

    /// An engagement, and the runs that this request stopped.
    struct Engagement: Sendable {
        var lever: Lever
        var stopped: [Experiment]
    }

    func leverRead() async throws(APIError) -> Lever {
        try await runs.safety.statement { transaction throws(StoreError) in try transaction.leverRead() }
    }

    func leverEngage(_ context: OperationContext, reason: String) async throws(APIError) -> Engagement {
        let (now, id) = (time.now, "ENG" + Random.token(15))
        let lever = try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverEngage(context, id: id, reason: reason, at: now)
        }
        await runs.delivery.published()
        let stopped = try await stopEverything(lever)
        let left = try await runs.safety.transaction { transaction throws(StoreError) in
            _ = try transaction.leverSettle(at: now)
            return try transaction.leverRead()
        }
        return Engagement(lever: left, stopped: stopped)
    }

    /// Waits until an engagement has stopped everything, and no longer than `limit`; says how the lever is then.
    func leverAwait(_ lever: Lever, atMost limit: Duration) async throws(APIError) -> Lever {
        var lever = lever
        let deadline = Instant.now + limit
        while lever.state.status == "engaging", Instant.now < deadline {
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return lever }
            lever = try await leverRead()
        }
        return lever
    }

    private func stopEverything(_ lever: Lever) async throws(APIError) -> [Experiment] {
        var stopped: [Experiment] = []
        var last = ""
        while true {
            let after = last
            let rows = try await runs.safety.statement { transaction throws(StoreError) in
                try transaction.experimentListActive(after: after, limit: Self.batch)
            }
            stopped += try await runs.stop(rows, .lever(lever.reason))
            guard let end = rows.last else { return stopped }
            last = end.id
        }
    }

    /// Engages for one account only: its runs are stopped, and nothing keeps the next ones from starting.
    func accountStop(_ context: OperationContext) async throws(APIError) -> [Experiment] {
        let rows = try await runs.safety.statement { transaction throws(StoreError) in
            try transaction.experimentListActive(context)
        }
        return try await runs.stop(rows, .user, audit: StepAudit(context, "experiment.stopped", at: time.now))
    }

    func leverDisengage(_ context: OperationContext, reason: String) async throws(APIError) -> Lever {
        let now = time.now
        let lever = try await runs.safety.transaction { transaction throws(StoreError) in
            try transaction.leverDisengage(context, reason: reason, at: now)
        }
        await runs.delivery.published()
        return lever
    }
}

import Base
import Experiments
import Store

/// Reads how the injectors' own figures stand: what all nodes have written, and what this one has not written yet.
struct TelemetrySource: ConditionSource {
    let telemetry: Telemetry
    let database: DatabaseDoor
    let time: DeploymentTime
    let clock: Clock

    /// A question with the window that answers it.
    private struct Wanted {
        let inquiry: Inquiry
        let question: TelemetryQuestion
        let window: TelemetryWindow
    }

    func read(
        _ inquiries: [Inquiry],
        by deadline: Instant,
        _ answer: @escaping @Sendable (Inquiry, Reading) -> Void
    ) async {
        let (begun, now) = (clock.now(), time.now)
        var wanted: [Wanted] = []
        for inquiry in inquiries {
            switch Self.wanted(inquiry, at: now) {
            case .success(let found): wanted.append(found)
            case .failure(let missing): answer(inquiry, Reading(.unreadable, missing.reason, latency: .zero))
            }
        }
        if wanted.isEmpty { return }
        let outcome: Result<[TelemetrySum], APIError> = await sums(
            wanted.map(\.window),
            now,
            deadline - begun
        )
        let latency = clock.now() - begun
        for (place, wanted) in wanted.enumerated() {
            switch outcome {
            case .success(let sums) where sums.indices.contains(place):
                answer(wanted.inquiry, wanted.question.reading(of: sums[place], latency: latency))
            case .success:
                answer(wanted.inquiry, Reading(.unreadable, "the database left it out", latency: latency))
            case .failure(let error):
                let reason = "telemetry cannot be read: \(error.message)"
                answer(wanted.inquiry, Reading(.unreadable, reason, latency: latency))
            }
        }
    }

    /// Why a question has no window.
    private struct Missing: Error {
        let reason: String
    }

    private static func wanted(_ inquiry: Inquiry, at now: Timestamp) -> Result<Wanted, Missing> {
        guard case .telemetry(let question) = inquiry.question else {
            return .failure(Missing(reason: "this is no question about telemetry"))
        }
        guard let scope = inquiry.scope, !scope.targets.isEmpty else {
            return .failure(Missing(reason: "there is no target whose telemetry could be read"))
        }
        let window = TelemetryWindow(
            account: scope.account,
            targets: scope.targets,
            since: now + (.zero - question.window),
            withDurations: question.metric.isDuration
        )
        return .success(Wanted(inquiry: inquiry, question: question, window: window))
    }

    /// What is here is looked at first: what is written meanwhile is in the database too, and left out there.
    private func sums(
        _ windows: [TelemetryWindow],
        _ now: Timestamp,
        _ limit: Duration
    ) async -> Result<[TelemetrySum], APIError> {
        let keys = Set(
            windows.flatMap { window in window.targets.map { TargetKey(account: window.account, target: $0) }
            }
        )
        let earliest = windows.map(\.since).min() ?? now
        let own = telemetry.unwritten(of: keys, since: earliest)
        var options = TransactionOptions.standard
        options.timeLimit = max(limit, .milliseconds(1))
        options.attempts = 1
        let asked = Set(windows)
        let order = Array(asked)
        do throws(APIError) {
            let written = try await database.transaction(options) { transaction throws(StoreError) in
                try transaction.telemetryWindows(order, without: own.batches, at: now)
            }
            var sums = Dictionary(zip(order, written)) { first, _ in first }
            let unwritten = Dictionary(grouping: own.samples) {
                TargetKey(account: $0.account, target: $0.target)
            }
            for window in order {
                for target in Set(window.targets) {
                    for sample in unwritten[TargetKey(account: window.account, target: target)] ?? []
                    where sample.at + TelemetrySample.length > window.since {
                        sums[window]?.add(sample)
                    }
                }
            }
            return .success(windows.map { sums[$0] ?? TelemetrySum() })
        } catch {
            return .failure(error)
        }
    }
}

extension TelemetryQuestion.Metric {
    fileprivate var isDuration: Bool {
        switch self {
        case .p50, .p90, .p95, .p99: true
        case .errorRate, .invocations, .errors, .injected: false
        }
    }
}

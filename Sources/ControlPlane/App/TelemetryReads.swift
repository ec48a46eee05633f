import Base
import Store

/// What instances of a target or a run did, step by step.
struct TelemetryReads: Sendable {
    let experiments: ExperimentRuns

    /// One step, also where nothing was reported in it.
    struct Step: Sendable {
        /// When it begins, in seconds since 1970.
        let second: Int64
        let point: TelemetryPoint?
    }

    /// Without a time of its own a question is about the last steps, or about the run and what is around it.
    private static let steps = 60

    /// As many steps after one as are asked for; so many are looked through, however long ago they begin.
    func read(
        _ context: OperationContext,
        _ question: TelemetryRequest,
        after last: Int64?,
        limit: Int
    ) async throws(APIError) -> [Step] {
        let now = experiments.time.now
        var to = now
        var from =
            (question.to.map { Timestamp(seconds: $0) } ?? now) + .seconds(-question.step * Int64(Self.steps))
        if let experiment = question.experiment {
            let run = try await experiments.read(context, experiment)
            from = run.createdAt + .seconds(-300)
            to = min(now, (run.endedAt ?? now) + .seconds(900))
        }
        // Steps begin at whole multiples of their length: pages of one question fit together, whenever they are asked for.
        let step = question.step
        let begin = Int64(question.from ?? from.seconds) / step * step
        let first = last.map { max(begin, $0.bounded(adding: step)) } ?? begin
        let end = question.to ?? to.seconds
        let count = Int(min(Double(limit), max(0, ((end - Double(first)) / Double(step)).rounded(.up))))
        if count == 0 { return [] }
        let series = TelemetrySeries(
            target: question.target,
            experiment: question.experiment,
            from: Timestamp(nanoseconds: first * 1_000_000_000),
            to: Timestamp(nanoseconds: (first + step * Int64(count)) * 1_000_000_000),
            step: .seconds(step)
        )
        let found = try await experiments.database.statement { transaction throws(StoreError) in
            try transaction.telemetrySeries(context, series)
        }
        let points = Dictionary(found.map { ($0.place, $0) }) { first, _ in first }
        return (0..<count).map { Step(second: first + step * Int64($0), point: points[$0]) }
    }
}

extension TelemetryReads.Step {
    var json: JSON {
        let sum = point?.sum ?? TelemetrySum()
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        return [
            "time": .integer(second), "instances": .integer(point?.instances ?? 0),
            "invocations": .integer(sum.invocations), "errors": .integer(sum.errors),
            "injected": .integer(sum.injections),
            "errorRate": number(sum.invocations == 0 ? nil : Double(sum.errors) / Double(sum.invocations)),
            "p50": number(sum.durations.percentile(0.5)), "p99": number(sum.durations.percentile(0.99)),
        ]
    }
}

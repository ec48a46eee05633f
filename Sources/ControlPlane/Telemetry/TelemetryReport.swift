import Base
import Store

/// A part of what an instance did, as it was reported.
struct TelemetryReport: Sendable {
    let target: TargetKey
    let instance: String
    /// When the instance began to count, if it says so.
    let since: Timestamp?
    let sequence: Int64
    let invocations: Int64
    let errors: Int64
    /// By the faults' ids, of which nobody knows yet whether there are such faults.
    let injected: [String: Int64]
    let durations: DurationHistogram
}

/// What became of some reports.
struct TelemetryCounts: Equatable, Sendable {
    var taken = 0
    var repeated = 0
    var dropped = 0
}

extension TelemetrySample {
    /// More faults than this in five seconds of one target are not told apart.
    private static let faultLimit = 200

    mutating func add(_ report: TelemetryReport) {
        invocations = invocations.bounded(adding: report.invocations)
        errors = errors.bounded(adding: report.errors)
        durations.add(report.durations)
        for (fault, number) in report.injected
        where injected[fault] != nil || injected.count < Self.faultLimit {
            injected[fault] = (injected[fault] ?? 0).bounded(adding: number)
        }
    }
}

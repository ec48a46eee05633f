/// What a run does where another one has faults on one of its targets.
package enum OverlapPolicy: String, CaseIterable, Sendable {
    /// It runs beside those that allow it too, and its history says so.
    case allow
    /// It is not started; while it runs it has its targets to itself.
    case refuse
    /// It waits for its turn; while it runs it has its targets to itself.
    case queue

    /// Whether it runs with nobody beside it.
    package var isExclusive: Bool { self != .allow }

    /// As a list for a message.
    package static var accepted: String { allCases.map(\.rawValue).alternatives }
}

extension ExperimentOptions {
    /// How long a run may wait at most, and at least.
    static let queueTimeoutKind = ParameterKind.duration(from: .seconds(1), to: .hours(12))

    /// How long a run waits whose template does not say.
    static let queueTimeout: Duration = .seconds(600)

    /// How long a run may wait for its targets.
    var queueTime: Duration { queueTimeout.flatMap { ISODuration($0)?.value } ?? Self.queueTimeout }
}

package import Base

/// Counts what one instance does, and makes of it numbered reports for the server.
///
/// A report is kept as it is, under its number, until the server has it: whatever the network does, it counts once on a node that keeps
/// running. Another node does not know what this one took, nor does the same one once it was started again: what is sent to them anew
/// counts anew. What happens meanwhile goes into the next report.
package struct TelemetryLedger: Sendable {
    /// As many faults are told apart in one report; the server takes no more.
    private static let faultLimit = 100

    private let target: String
    private let instance: String
    private let since: Timestamp
    private var counted = TelemetryFigures()
    private var unanswered: TelemetryReport?
    private var last: Int64 = 0

    /// `since` is when this counting began: an instance that begins anew under its old name numbers its reports from 1 again.
    package init(target: String, instance: String, since: Timestamp) {
        self.target = target
        self.instance = instance
        self.since = since
    }

    /// An invocation is over.
    package mutating func count(duration: Duration? = nil, isError: Bool = false, injected: [String] = []) {
        counted.invocations += 1
        if isError { counted.errors += 1 }
        if let duration { counted.durations.add(duration) }
        for fault in injected where counted.injected[fault] != nil || counted.injected.count < Self.faultLimit
        {
            counted.injected[fault, default: 0] += 1
        }
    }

    /// What to send now: what has not been answered, or else all that was counted since; nil where there is nothing.
    package mutating func report() -> TelemetryReport? {
        if let unanswered { return unanswered }
        if counted.invocations == 0 { return nil }
        last += 1
        unanswered = TelemetryReport(
            target: target,
            instance: instance,
            since: since,
            sequence: last,
            figures: counted
        )
        counted = TelemetryFigures()
        return unanswered
    }

    /// The server has it, or will never take it: it is not sent again.
    package mutating func settled(_ sequence: Int64) {
        if unanswered?.sequence == sequence { unanswered = nil }
    }
}

/// What an instance did in a while.
package struct TelemetryFigures: Equatable, Sendable {
    package var invocations = 0
    package var errors = 0
    /// How often each fault was injected, by its id.
    package var injected: [String: Int] = [:]
    package var durations = DurationHistogram()

    package init() {}
}

/// A part of what an instance did, under the number by which it counts once.
package struct TelemetryReport: Equatable, Sendable {
    package let target: String
    package let instance: String
    package let since: Timestamp
    package let sequence: Int64
    package let figures: TelemetryFigures

    /// As an element of `reports` in the body of `POST /v1/telemetry`.
    package var json: JSON {
        [
            "target": .string(target), "instance": .string(instance), "sequence": .integer(sequence),
            "since": .number(since.seconds), "invocations": .integer(Int64(figures.invocations)),
            "errors": .integer(Int64(figures.errors)),
            "injected": .object(
                figures.injected.sorted { $0.key < $1.key }.map {
                    .init($0.key, .integer(Int64($0.value)))
                }
            ),
            "durations": figures.durations.json,
        ]
    }
}

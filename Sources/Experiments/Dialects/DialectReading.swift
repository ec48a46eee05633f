package import Base

/// What the readers of a parameter are told at one moment, and what of it they cannot be told.
package struct DialectReading: Equatable, Sendable {
    package let value: JSON
    /// The ids of the faults that `value` tells of.
    package let told: Set<String>
    /// Why each of the others that are on is not told.
    package let refused: [String: String]
    /// From when on it may be another; nil where only a new document changes it.
    package let until: Timestamp?

    package init(
        value: JSON,
        told: Set<String> = [],
        refused: [String: String] = [:],
        until: Timestamp? = nil
    ) {
        self.value = value
        self.told = told
        self.refused = refused
        self.until = until
    }
}

extension Dialect {
    /// What is told of a document's faults at that moment.
    ///
    /// `shape` says what the events of the function look like, where somebody has declared it.
    package func reading(
        of faults: [DialectFault],
        at now: Timestamp,
        shape: EventShape? = nil
    ) -> DialectReading {
        var chosen: [DialectFault] = []
        var refused: [String: String] = [:]
        for fault in faults.filter({ $0.isOn(at: now) }).sorted(by: DialectFault.isEarlier) {
            if let why = refusal(of: fault.content) {
                refused[fault.id] = why
            } else if let other = chosen.first(where: { !goesBeside(fault.content, $0.content) }) {
                refused[fault.id] = "\(title) cannot do it beside \(other.id), which began first."
            } else {
                chosen.append(fault)
            }
        }
        let changes = faults.flatMap { [$0.notBefore, $0.notAfter] }.filter { $0 > now }
        let told = chosen.map { (fault: $0, expiry: expiry(of: $0, at: now, shape)) }
        return DialectReading(
            value: value(of: told),
            told: Set(chosen.map(\.id)),
            refused: refused,
            until: (changes + told.compactMap { $0.expiry?.renewAt }).min()
        )
    }

    /// Why the library cannot do this exactly as it is asked; nil where it can.
    package func refusal(of content: FaultContent) -> String? {
        if let count = content.text("everyNth"), count != "1" {
            return "\(title) does not count invocations, and so cannot take one in \(count)."
        }
        if content.text("maxInvocations") != nil {
            return "\(title) does not count invocations, and so cannot stop after some."
        }
        return switch self {
        case .chaosLambda: chaosLambdaRefusal(of: content)
        case .failureLambda: failureLambdaRefusal(of: content)
        case .failureLambdaZero: failureLambdaZeroRefusal(of: content)
        }
    }

    private func value(of told: [(fault: DialectFault, expiry: EventExpiry?)]) -> JSON {
        guard let first = told.first?.fault else { return off() }
        return switch self {
        case .chaosLambda: chaosLambdaValue(of: first)
        case .failureLambda: failureLambdaValue(of: told)
        case .failureLambdaZero: failureLambdaZeroValue(of: first)
        }
    }

    private func goesBeside(_ content: FaultContent, _ other: FaultContent) -> Bool {
        switch self {
        case .chaosLambda, .failureLambdaZero: false
        case .failureLambda: failureLambdaAllows(content, beside: other)
        }
    }

    private func expiry(of fault: DialectFault, at now: Timestamp, _ shape: EventShape?) -> EventExpiry? {
        guard self == .failureLambda, let shape else { return nil }
        return EventExpiry(shape, end: fault.notAfter, now: now)
    }
}

/// The actions that dialects know of, by what they do.
enum DialectAction: String {
    case delay = "aws:lambda:invocation-add-delay"
    case error = "aws:lambda:invocation-error"
    case response = "aws:lambda:invocation-http-integration-response"
    case timeout = "faultplane:lambda:invocation-timeout"
    case denyHosts = "faultplane:lambda:invocation-deny-hosts"
    case diskSpace = "faultplane:lambda:invocation-disk-space"
    case corruptResponse = "faultplane:lambda:invocation-corrupt-response"
}

extension FaultContent {
    var action: DialectAction? { DialectAction(rawValue: actionID) }

    /// Whether the fault is to come after the handler has run.
    var comesAfter: Bool { text("when") == "after" || truth("preventExecution") == false }

    /// In milliseconds.
    var delay: Int64 { whole("startupDelayMilliseconds") }
}

extension DialectFault {
    /// What an invocation that fails says, so that whoever reads the function's log finds the run.
    var errorMessage: String { "Faultplane injected this error: \(id)" }
}

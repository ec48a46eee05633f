/// What a team says should hold while the faults are on: what is measured, and where it should be.
///
/// It never ends a run: once the faults have begun, a stop condition does that.
package struct Hypothesis: Equatable, Sendable {
    package var title: String?
    package var probes: [Probe]
    /// How long the system may take to be as it should be again once the faults have ended, as it was given.
    package var recoveryTimeout: String?

    package init(title: String? = nil, probes: [Probe], recoveryTimeout: String? = nil) {
        self.title = title
        self.probes = probes
        self.recoveryTimeout = recoveryTimeout
    }

    /// One thing that is measured.
    package struct Probe: Equatable, Sendable {
        package var name: String
        package var source: String
        package var value: String
        package var requires: String?
        /// Nil where what is a breach of a stop condition with this value is a deviation.
        package var tolerance: Tolerance?
        /// Of HTTP: where in the answer the number stands that the tolerance is for.
        package var pointer: String?
        package var persistence: WrittenPersistence

        package init(
            name: String,
            source: String,
            value: String,
            requires: String? = nil,
            tolerance: Tolerance? = nil,
            pointer: String? = nil,
            persistence: WrittenPersistence = WrittenPersistence()
        ) {
            self.name = name
            self.source = source
            self.value = value
            self.requires = requires
            self.tolerance = tolerance
            self.pointer = pointer
            self.persistence = persistence
        }
    }
}

extension Hypothesis {
    static let recoveryKind = ParameterKind.duration(from: .seconds(1), to: .hours(1))
    package static let probeCount = 1...20
    private static let recoveryTime: Duration = .seconds(300)

    /// How long to wait for the system where the template does not say.
    package var recoveryTime: Duration {
        recoveryTimeout.flatMap { ISODuration($0)?.value } ?? Self.recoveryTime
    }
}

extension ExperimentTemplate {
    /// What is looked at for its hypothesis, in its order; none where it has none.
    ///
    /// The problem's text names the member: a template that another version wrote may hold what this one does not understand.
    package func probes() throws(ConditionProblem) -> [Condition] {
        var conditions: [Condition] = []
        for (index, probe) in (hypothesis?.probes ?? []).enumerated() {
            let place = "steadyStateHypothesis.probes[\(index)]"
            guard let written = probe.written, written.source != .none else {
                throw ConditionProblem(
                    "\(place).source is \(probe.source.quoted), which this version does not know"
                )
            }
            if let condition = try written.understood(probe.name, at: place) { conditions.append(condition) }
        }
        return conditions
    }
}

extension Hypothesis.Probe {
    /// The same as something that can be understood; nil where this version does not know the source.
    var written: WrittenCondition? {
        StopConditionSource(rawValue: source).map {
            WrittenCondition(
                source: $0,
                value: value,
                requires: requires,
                tolerance: tolerance,
                pointer: pointer,
                persistence: persistence
            )
        }
    }
}

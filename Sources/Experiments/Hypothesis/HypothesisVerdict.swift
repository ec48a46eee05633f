package import Base

/// What a run showed of its hypothesis; the run's own status says nothing of that.
package enum HypothesisVerdict: String, CaseIterable, Sendable {
    /// Every probe was where it should be, for as long as the faults were on and after.
    case held
    /// A probe was not, or did not come back in time.
    case deviated
    /// Nobody can say: no fault began, or a probe could not be read.
    case notEvaluated = "not evaluated"
}

/// The first time that a probe was not where it should be.
package struct Deviation: Hashable, Sendable {
    package var probe: String
    /// When the look at it began.
    package var at: Timestamp
    /// What was found.
    package var text: String

    package init(probe: String, at: Timestamp, text: String) {
        self.probe = probe
        self.at = at
        self.text = text
    }
}

/// What a run's hypothesis came to, once nothing more will come of it.
package struct HypothesisJudgement: Hashable, Sendable {
    package var verdict: HypothesisVerdict
    /// From the end of the faults until every probe was where it should be; nil where that is not known, or took too long.
    package var recovery: Duration?
    /// Why, in a sentence.
    package var reason: String

    package init(_ verdict: HypothesisVerdict, recovery: Duration? = nil, reason: String) {
        self.verdict = verdict
        self.recovery = recovery
        self.reason = reason
    }
}

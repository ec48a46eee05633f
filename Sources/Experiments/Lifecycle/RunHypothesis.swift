import Base

/// What a run has shown of its template's hypothesis so far.
package struct RunHypothesis: Equatable, Sendable {
    /// The first of each probe that deviated, in their order.
    package internal(set) var deviations: [Deviation] = []
    /// Nil until nothing more will come of it.
    package internal(set) var verdict: HypothesisVerdict?
    /// From the end of the faults until all was well; nil where that is not known.
    package internal(set) var recovery: Duration?
}

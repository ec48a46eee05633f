/// Who or what ended a run before its time.
package enum StopCause: Hashable, Sendable {
    /// Somebody asked.
    case user
    /// A stop condition was breached, or could not be evaluated; the text says which and how.
    case stopCondition(String)
    /// A probe was not where it should be before the first fault; the text says which and what was found.
    case steadyState(String)
    /// The safety lever was engaged, for this reason.
    case lever(String)
}

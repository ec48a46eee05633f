package import Base

/// What the server serves.
///
/// It calls these on its loops, so none of them may wait for anything.
package protocol Responder: AnyObject, Sendable {
    /// Decides on the head alone, before a byte of the body is read; may note on the request what the router found.
    func admit(
        _ request: inout Request,
        _ exchange: inout Exchange,
        _ writer: inout ResponseWriter
    ) -> Admission
    /// Answers a whole request.
    func respond(_ request: Request, _ exchange: inout Exchange, _ writer: inout ResponseWriter) -> Outcome
    /// Answers a parked request, or parks it again.
    func resume(_ exchange: inout Exchange, _ reason: ResumeReason, _ writer: inout ResponseWriter) -> Outcome
    /// Writes the answer to bytes that are no acceptable request.
    func refuse(_ failure: ParseFailure, _ exchange: inout Exchange, _ writer: inout ResponseWriter)
    /// An answer was written; `now` is when.
    func finished(_ exchange: Exchange, _ status: Status, now: Instant)
}

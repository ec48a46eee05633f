import Base

/// Why there is no answer.
package enum WebError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing was sent: it cannot be said in HTTP, or the way to the peer cannot be.
    case unusable(String)
    /// The peer took longer than it may; it may have heard all the same.
    case timeUp(String)
    /// It took longer than the question's own patience, though there would have been time.
    case tooSlow(Duration)
    /// There was no connection, or it was lost.
    case failed(String)
    /// It was given up by whoever asked, or by a fleet that ends.
    case cancelled
    /// The body was longer than the request allows.
    case answerTooLong(limit: Int)

    package var description: String {
        switch self {
        case .unusable(let reason), .timeUp(let reason), .failed(let reason): reason
        case .tooSlow(let limit): "No answer within \(limit.nanoseconds / 1_000_000) ms"
        case .cancelled: "The question was given up"
        case .answerTooLong(let limit): "The answer is longer than \(limit) bytes"
        }
    }
}

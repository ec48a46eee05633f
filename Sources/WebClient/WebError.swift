/// Why there is no answer.
package enum WebError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing was sent: it cannot be said in HTTP, or the way to the peer cannot be.
    case unusable(String)
    /// The peer took longer than it may; it may have heard all the same.
    case timeUp(String)
    /// There was no connection, or it was lost.
    case failed(String)
    /// The body was longer than the request allows.
    case answerTooLong(limit: Int)

    package var description: String {
        switch self {
        case .unusable(let reason), .timeUp(let reason), .failed(let reason): reason
        case .answerTooLong(let limit): "The answer is longer than \(limit) bytes"
        }
    }
}

package import Base

/// One request's fate, from its head to its answer: what a responder notes in one step and needs in a later one.
package struct Exchange: Sendable {
    package let id: RequestID
    package let startedAt: Instant
    package let peer: Peer
    package let method: Method
    /// Which loop serves it: an index for counters that only this loop writes.
    package let loop: Int

    /// The responder's own number for what was asked; -1 before it is known.
    package var route = -1
    /// Who asks; the responder's own object.
    package var principal: (any AnyObject & Sendable)?
    /// What a parked request waits for, where numbers are not enough; the responder's own object.
    package var note: (any AnyObject & Sendable)?
    /// Four words for a parked request to remember what it waits for.
    package var ticket = Ticket()
    /// Set by the responder once it knows who asks; a connection over the cap may stay for it.
    package var isAuthenticated = false

    /// What a parked request remembers, as numbers, so that parking allocates nothing.
    package struct Ticket: Sendable {
        package var words: InlineArray<4, UInt64> = .init(repeating: 0)

        package init() {}
    }
}

/// What a responder decides on a request's head alone.
package enum Admission: Sendable {
    /// Read the body, up to that many bytes, then `respond`.
    case admitted(bodyLimit: Int)
    /// The answer is written; the body is not wanted.
    case refused
}

/// How a responder answers a request, or a parked one that is woken.
package enum Outcome: Sendable {
    /// The answer is in the writer.
    case written
    /// Answer later: when the key is woken, or at the deadline.
    case parked(key: UInt64, until: Instant)
    /// A task on the loop makes the answer.
    case task(@Sendable () async -> Response)
}

/// Why a parked request is taken up again.
package enum ResumeReason: Sendable {
    case woken
    case deadline
    /// The server stops, or needs the place: whatever there is to say, say it now.
    case yielding
}

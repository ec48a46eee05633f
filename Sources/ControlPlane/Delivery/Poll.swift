import Base

/// One poll: what it asks for, and since when.
struct Poll: Sendable {
    let room: TargetRoom
    let instance: String
    let qualifier: String?
    /// The version that the injector says it holds.
    let named: Int64?
    /// How long it would wait for a change.
    let wait: Duration
    let arrivedAt: Instant
    /// Between 0 and 1, so that not all who wait are answered at once.
    let chance: Double

    var waits: Bool { wait > .zero }
}

/// A poll as it is remembered while it waits.
final class ParkedPoll: Sendable {
    let poll: Poll

    init(_ poll: Poll) { self.poll = poll }
}

/// What comes of a poll when it is looked at.
struct PollTurn {
    let decision: PollDecision
    /// The document's bytes, where it is to be told.
    let body: [UInt8]
    /// Until when it waits instead of being told anything.
    let parkedUntil: Instant?
}

import Base

/// How long a poll may wait, and when the next one is due.
struct PollPacing {
    private let lease: Int64
    private let longest: Duration

    init(lease: Duration, longest: Duration) {
        self.lease = lease.nanoseconds
        self.longest = longest
    }

    /// An injector that holds a fault must renew its trust in time, and not all at once: between a quarter and a third of the lease.
    func hold(wanted: Duration, hasFaults: Bool, chance: Double) -> Duration {
        let limit = min(wanted, longest)
        return hasFaults ? min(limit, .nanoseconds(lease / 4 + Self.part(lease / 12, chance))) : limit
    }

    /// Until when a poll that was told nothing new may wait; nil where there is something to say.
    func parked(_ poll: Poll, _ decision: PollDecision) -> Instant? {
        guard case .unchanged(_, let hasFaults, _) = decision, poll.waits else { return nil }
        return poll.arrivedAt + hold(wanted: poll.wait, hasFaults: hasFaults, chance: poll.chance)
    }

    /// After this answer; who waits long is asked to come back at once.
    func next(waits: Bool, hasFaults: Bool, chance: Double) -> Duration {
        if waits { return .zero }
        return .nanoseconds(Self.part(hasFaults ? lease / 3 : 60_000_000_000, 0.75 + 0.25 * chance))
    }

    /// After an answer that is not sure of anything.
    func afterDegraded(chance: Double) -> Duration {
        .nanoseconds(2_000_000_000 + Self.part(3_000_000_000, chance))
    }

    /// In nanoseconds: multiplying durations takes far longer, and every poll comes here.
    private static func part(_ nanoseconds: Int64, _ share: Double) -> Int64 {
        Int64(Double(nanoseconds) * share)
    }
}

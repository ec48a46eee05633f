import Base

/// How long a CloudWatch that said it was asked too often is left alone: longer each time, and not the same for all nodes.
struct CloudWatchPause: Equatable, Sendable {
    private(set) var until: Instant
    /// What it said.
    private(set) var reason: String
    private var times: Int

    /// Fewer than 15 s, in which nothing read would count as a breach.
    static let longest = Duration.seconds(8)

    /// `chance` is from 0 to 1.
    init(after previous: CloudWatchPause?, _ reason: String, now: Instant, chance: Double) {
        times = min(8, (previous?.times ?? 0) + 1)
        self.reason = reason
        let whole = min(Self.longest.inSeconds, Double(1 << times))
        until = now + .seconds(whole * (0.5 + chance / 2))
    }

    /// What is said instead of asking; nil where it may be asked again.
    func refusal(now: Instant) -> String? {
        guard now < until else { return nil }
        return "\(reason) (it is asked again in \((until - now).secondsText))"
    }
}

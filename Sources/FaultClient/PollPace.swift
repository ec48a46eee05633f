import Base

/// When to ask again.
struct PollPace: Sendable {
    private static let first: Duration = .milliseconds(250)
    private static let longest: Duration = .seconds(5)
    /// No server asks for longer, and one that does so by mistake must not be left alone.
    private static let patience: Duration = .seconds(300)

    private var failures = 0
    private(set) var pause: Duration = .zero

    mutating func answered(_ nextPoll: Duration) {
        failures = 0
        pause = min(max(.zero, nextPoll), Self.patience)
    }

    /// Each failure doubles the pause, up to a limit; between half of it and all of it is waited, by chance.
    mutating func failed(retryAfter: Duration?, chance: Double) {
        failures = min(failures + 1, 10)
        var limit = Self.first
        for _ in 1..<failures where limit < Self.longest { limit = limit * 2 }
        let spread = min(limit, Self.longest) * (0.5 + 0.5 * min(max(0, chance), 1))
        pause = max(spread, min(retryAfter ?? .zero, Self.patience))
    }
}

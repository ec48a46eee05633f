import Base

/// When a fleet's thread last looked at its questions, and whether it was held up: then what took long may have been this process.
struct FleetLooks {
    private var last: Instant
    private var lateAt: Instant?

    init(now: Instant) { last = now }

    /// While something is under way, it is looked at this often at least.
    static let pace = Duration.milliseconds(50)
    /// Who runs a machine that has other things to do is not held up by so little.
    private static let slack = Duration.milliseconds(100)

    mutating func look(now: Instant) {
        // Where nothing was under way nobody looked, and nothing is older than this look either.
        if now - last > Self.pace + Self.slack { lateAt = now }
        last = now
    }

    /// Whether the thread was held up at some time since then.
    func wasLate(since began: Instant) -> Bool { lateAt.map { $0 > began } ?? false }
}

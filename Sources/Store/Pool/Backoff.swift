/// How long to wait before trying again: twice as long each time up to a limit, and never the same for two.
package struct Backoff: Sendable {
    private let first: Duration
    private let limit: Duration
    private var ceiling: Duration

    package init(first: Duration = .milliseconds(100), limit: Duration = .seconds(5)) {
        self.first = first
        self.limit = limit
        ceiling = first
    }

    /// The next wait; `chance`, from 0 to 1, places it between half and all of the ceiling.
    package mutating func next(chance: Double = .random(in: 0...1)) -> Duration {
        defer { ceiling = min(ceiling * 2, limit) }
        return ceiling * (0.5 + 0.5 * chance)
    }

    /// Starts over, after a success.
    package mutating func reset() { ceiling = first }
}

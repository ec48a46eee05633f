import Synchronization

/// What the sources of stop conditions said, and how many runs that ended, since the node started.
final class GuardMetrics: Sendable {
    private let clear = Atomic<Int>(0)
    private let breached = Atomic<Int>(0)
    private let unreadable = Atomic<Int>(0)
    private let ended = Atomic<Int>(0)

    func read(_ finding: Reading.Finding) {
        switch finding {
        case .clear: clear.add(1, ordering: .relaxed)
        case .breached: breached.add(1, ordering: .relaxed)
        case .unreadable: unreadable.add(1, ordering: .relaxed)
        }
    }

    /// A run was ended by what it is guarded by.
    func end() { ended.add(1, ordering: .relaxed) }

    func add(to page: inout MetricsPage) {
        page.family(
            "faultplane_guard_answers_total",
            "counter",
            "Answers of the sources of stop conditions, by what they said.",
            [
                sample(.clear, clear.load(ordering: .relaxed)),
                sample(.breached, breached.load(ordering: .relaxed)),
                sample(.unreadable, unreadable.load(ordering: .relaxed)),
            ]
        )
        page.counter(
            "faultplane_guard_ends_total",
            "Runs ended because a stop condition was bad or could not be read.",
            ended.load(ordering: .relaxed)
        )
    }

    private func sample(_ finding: Reading.Finding, _ count: Int) -> (labels: String, value: String) {
        ("finding=\"\(finding.rawValue)\"", String(count))
    }
}

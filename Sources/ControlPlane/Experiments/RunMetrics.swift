import Base
import Store
import Synchronization

/// Counts what this node does for runs, and remembers how many there are.
package final class RunMetrics: Sendable {
    /// What is counted.
    enum Count: CaseIterable {
        /// A run was taken further.
        case step
        /// A run had been changed by somebody else first.
        case conflict
        /// A run could not be read and was failed.
        case unreadable
        case seal
        /// A run was forgotten, its time of keeping being over.
        case forgotten
    }

    private let steps = Atomic(0)
    private let conflicts = Atomic(0)
    private let unreadable = Atomic(0)
    private let seals = Atomic(0)
    private let forgotten = Atomic(0)
    private let active = Locked<[StatusCount]>([])

    package init() {}

    func add(_ count: Count, _ number: Int = 1) {
        switch count {
        case .step: steps.add(number, ordering: .relaxed)
        case .conflict: conflicts.add(number, ordering: .relaxed)
        case .unreadable: unreadable.add(number, ordering: .relaxed)
        case .seal: seals.add(number, ordering: .relaxed)
        case .forgotten: forgotten.add(number, ordering: .relaxed)
        }
    }

    /// The runs that have not ended were just counted.
    func counted(_ counts: [StatusCount]) { active.withLock { $0 = counts } }

    func add(to page: inout MetricsPage) {
        let counts = active.withLock { $0 }
        page.family(
            "faultplane_experiments_active",
            "gauge",
            "Experiments of the whole deployment that have not ended, counted every ten seconds.",
            Self.statuses.map { status in
                let number = counts.first { $0.status == status }?.number ?? 0
                return (labels: "status=\"\(status)\"", value: String(number))
            }
        )
        func counter(_ name: String, _ help: String, _ value: borrowing Atomic<Int>) {
            page.counter(name, help, value.load(ordering: .relaxed))
        }
        counter("faultplane_experiment_steps_total", "Changes of experiments that this node wrote.", steps)
        counter(
            "faultplane_experiment_conflicts_total",
            "Changes of experiments that this node did not write because somebody else was faster.",
            conflicts
        )
        counter(
            "faultplane_experiments_unreadable_total",
            "Experiments that this node could not read, and failed.",
            unreadable
        )
        counter("faultplane_event_seals_total", "Seals of events that this node wrote.", seals)
        counter(
            "faultplane_experiments_forgotten_total",
            "Experiments that this node deleted because they had been kept long enough.",
            forgotten
        )
    }

    private static let statuses = ["pending", "initiating", "running", "stopping"]
}

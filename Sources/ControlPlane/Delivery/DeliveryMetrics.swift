import Base
import SafetyLever
import Synchronization

/// Counts the answers that were not sure; the others are counted with all requests, by their status.
final class DeliveryMetrics: Sendable {
    private let degraded = Atomic(0)
    private let behind = Atomic(0)
    private let reads = Locked([Int](repeating: 0, count: ParameterTurn.Outcome.allCases.count))

    func count(_ decision: PollDecision) {
        switch decision {
        case .document, .unchanged: break
        case .degraded: degraded.add(1, ordering: .relaxed)
        case .behind: behind.add(1, ordering: .relaxed)
        }
    }

    func count(_ outcome: ParameterTurn.Outcome) {
        guard let place = ParameterTurn.Outcome.allCases.firstIndex(of: outcome) else { return }
        reads.withLock { $0[place] += 1 }
    }

    func add(_ book: DocumentBook, to page: inout MetricsPage) {
        let lever = book.lever
        page.gauge(
            "faultplane_lever_engaged",
            "1 while the safety lever holds everything back on this node.",
            lever.isEngaged ? 1 : 0
        )
        page.gauge("faultplane_lever_epoch", "The halt epoch that this node stands in.", Int(lever.epoch))
        page.gauge(
            "faultplane_lever_unrecorded",
            "Engagements that the database does not know of yet.",
            lever.unrecorded.count
        )
        page.gauge("faultplane_instances_known", "Instances that this node remembers.", book.census.total)
        page.counter(
            "faultplane_polls_degraded_total",
            "Polls answered that this node is not sure.",
            degraded.load(ordering: .relaxed)
        )
        page.counter(
            "faultplane_polls_behind_total",
            "Polls that named a version which neither this node nor its database had.",
            behind.load(ordering: .relaxed)
        )
        page.family(
            "faultplane_parameter_reads_total",
            "counter",
            "Parameters read by fault libraries, by what they were told.",
            zip(ParameterTurn.Outcome.allCases, reads.withLock { $0 }).map { outcome, count in
                ("outcome=\"\(outcome.rawValue)\"", String(count))
            }
        )
    }
}

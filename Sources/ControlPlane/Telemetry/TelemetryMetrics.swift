import Synchronization

/// Counts reports by what became of them, and the samples made of them.
final class TelemetryMetrics: Sendable {
    private let taken = Atomic(0)
    private let repeated = Atomic(0)
    private let dropped = Atomic(0)
    private let written = Atomic(0)
    private let lost = Atomic(0)

    func count(_ counts: TelemetryCounts) {
        taken.add(counts.taken, ordering: .relaxed)
        repeated.add(counts.repeated, ordering: .relaxed)
        dropped.add(counts.dropped, ordering: .relaxed)
    }

    func wrote(_ samples: Int) { written.add(samples, ordering: .relaxed) }

    func gaveUp(_ samples: Int) { lost.add(samples, ordering: .relaxed) }

    func add(to page: inout MetricsPage, instances: Int, waiting: Int) {
        func labelled(_ label: String, _ value: borrowing Atomic<Int>) -> (labels: String, value: String) {
            ("outcome=\"\(label)\"", String(value.load(ordering: .relaxed)))
        }
        page.family(
            "faultplane_telemetry_reports_total",
            "counter",
            "Reports of injectors: taken, taken before, or dropped because they were too old or too many instances reported.",
            [labelled("taken", taken), labelled("repeated", repeated), labelled("dropped", dropped)]
        )
        page.family(
            "faultplane_telemetry_samples_total",
            "counter",
            "Samples made of reports: written, or lost because the database did not take them in time.",
            [labelled("written", written), labelled("lost", lost)]
        )
        page.gauge(
            "faultplane_telemetry_instances",
            "Instances whose reports this node remembers.",
            instances
        )
        page.gauge(
            "faultplane_telemetry_samples_waiting",
            "Samples that are over and not written yet.",
            waiting
        )
    }
}

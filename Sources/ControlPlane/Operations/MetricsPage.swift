import Base
import HTTPServer

/// Writes metrics in Prometheus's text format.
struct MetricsPage {
    private(set) var text = ""

    /// One family with a sample for each set of labels.
    mutating func family(
        _ name: String,
        _ kind: String,
        _ help: String,
        _ samples: [(labels: String, value: String)]
    ) {
        open(name, kind, help)
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    mutating func gauge(_ name: String, _ help: String, _ value: some LosslessStringConvertible) {
        family(name, "gauge", help, [("", String(value))])
    }

    mutating func counter(_ name: String, _ help: String, _ value: Int) {
        family(name, "counter", help, [("", String(value))])
    }

    /// One histogram family; `series` are its label sets.
    mutating func histogram(
        _ name: String,
        _ help: String,
        _ series: [(labels: String, snapshot: Histogram.Snapshot)]
    ) {
        open(name, "histogram", help)
        for (labels, snapshot) in series {
            let comma = labels.isEmpty ? "" : ","
            var sum = 0
            for (bucket, count) in snapshot.counts.enumerated().dropLast() {
                sum += count
                let bound = Double(Histogram.upperBound(bucket)) / 1e9
                line("\(name)_bucket", "\(labels)\(comma)le=\"\(bound)\"", String(sum))
            }
            let total = snapshot.counts.reduce(0, +)
            line("\(name)_bucket", "\(labels)\(comma)le=\"+Inf\"", String(total))
            line("\(name)_sum", labels, String(Double(snapshot.totalNanoseconds) / 1e9))
            line("\(name)_count", labels, String(total))
        }
    }

    private mutating func open(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }
}

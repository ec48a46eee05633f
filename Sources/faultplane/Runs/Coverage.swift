import Base

/// How the instances stand to a run's faults, as they told.
struct Coverage {
    private let targets: [JSON]

    private static let pause: Duration = .milliseconds(200)

    private init(_ id: String, on plane: Plane) throws(PlaneError) {
        targets = try plane.ask("GET", "/experiments/\(id)/coverage")["targets"]?.elements ?? []
    }

    /// Read again and again until nobody can inject the run's faults any more, or the time is up.
    static func followed(
        of id: String,
        on plane: Plane,
        until deadline: Instant
    ) async throws(PlaneError) -> Coverage {
        while true {
            let coverage = try Coverage(id, on: plane)
            if coverage.isOver || Instant.now >= deadline { return coverage }
            try? await Task.sleep(for: pause)
        }
    }

    private var isOver: Bool {
        targets.allSatisfy { target in
            ["holding", "silentCount", "untracked"].allSatisfy { (target[$0]?.whole ?? 0) == 0 }
        }
    }

    /// A line for each fault of each target, and one for each instance that is silent.
    var lines: [String] {
        targets.flatMap { target in
            func count(_ name: String) -> Int64 { target[name]?.whole ?? 0 }
            let held = count("held")
            var parts = held == 0 ? ["nobody held it"] : ["\(count("cleared")) of \(held) let go"]
            for (name, words) in [
                ("off", "off by lease"), ("holding", "hold it"), ("silentCount", "silent"),
                ("rejecting", "refused it"), ("untracked", "not tracked"),
                ("withoutLease", "not read since, and without a lease"),
                ("unknown", "not known any more"),
            ] where count(name) > 0 {
                parts.append("\(count(name)) \(words)")
            }
            let fault = "\(target["action"]?.text ?? "") on \(target["target"]?.text ?? "")"
            let silent = (target["silent"]?.elements ?? []).map { instance in
                "  \(instance["instance"]?.text ?? "") is off by \(Output.time(instance["offBy"]?.moment))"
            }
            return ([fault + ": " + parts.joined(separator: ", ")] + silent).map(Output.printable)
        }
    }
}

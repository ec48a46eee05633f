import Base

/// A halt as its proof tells it: how the lever stands, whom it stopped, and who is off.
struct Halt {
    private let answer: JSON

    /// Takes what `/emergency-stop` answers.
    init(_ answer: JSON) { self.answer = answer }

    /// The word of the lever; it is engaging as long as a run that it stopped has not ended.
    private var status: String? {
        let status = answer["status"]?.text
        return status == "engaging" ? "engaging; nothing starts, and what ran is being stopped" : status
    }

    var isEngaged: Bool { answer["engagementId"]?.text != nil }

    /// Whether nobody can inject anything any more and nothing is left to be stopped.
    var isOver: Bool {
        guard answer["status"]?.text != "engaging", count("nodes", "known") == count("nodes", "confirmed"),
            answer["offBy"]?.moment != nil
        else { return false }
        return ["silentCount", "untracked", "nodesNotAsked"].allSatisfy { count("instances", $0) == 0 }
    }

    var lines: [String] {
        let texts = [
            ("lever", status), ("reason", answer["reason"]?.text),
            ("epoch", answer["epoch"]?.whole.map { String($0) }),
            ("engagement", answer["engagementId"]?.text),
            ("since", answer["engagedAt"]?.moment.map { Output.time($0) }),
        ]
        return (texts + (isEngaged ? proof : [])).compactMap { name, text in
            text.flatMap { $0.isEmpty ? nil : Self.line(name, $0) }
        }
    }

    private var proof: [(String, String?)] {
        [
            ("recorded", durable), ("nodes", nodes), ("instances", instances),
            ("off by", answer["offBy"]?.moment.map { "\(Output.time($0)) at the latest" } ?? "not known yet"),
            ("no lease", readers),
        ]
    }

    /// Parameters that had told of a fault: whoever read one keeps no lease that would end it.
    private var readers: String? {
        let all = count("instances", "withoutLeaseCount")
        let since = answer["instances"]?["withoutLeaseKnownSince"]?.moment.map {
            "not known who read a parameter before \(Output.time($0)), when a node was started or lost"
        }
        if all == 0 { return since }
        let named = (answer["instances"]?["withoutLease"]?.elements ?? []).prefix(3).map { reader in
            let off = reader["offSince"]?.moment.map { "told off at \(Output.time($0))" } ?? "not read since"
            return "\(reader["parameter"]?.text ?? "") (\(off))"
        }
        let more = Int(all) - named.count
        return (named + (more > 0 ? ["\(more) more"] : []) + [since].compactMap(\.self)).joined(
            separator: ", "
        )
    }

    private var durable: String {
        switch (answer["durable"]?["latch"] == true, answer["durable"]?["database"] == true) {
        case (true, true): "on disk and in the database"
        case (true, false): "on disk; the database does not know of it yet"
        case (false, true): "in the database"
        case (false, false): "nowhere yet: it would not survive a restart"
        }
    }

    private var nodes: String {
        let silent = (answer["nodes"]?["silent"]?.elements ?? []).compactMap(\.text)
        let names = silent.isEmpty ? "" : "; silent: " + silent.joined(separator: ", ")
        return "\(count("nodes", "confirmed")) of \(count("nodes", "known")) confirmed\(names)"
    }

    /// Whether anybody could inject something when it began, as far as is known.
    var concernsInstances: Bool {
        ["known", "untracked", "nodesNotAsked", "withoutLeaseCount"].contains { count("instances", $0) > 0 }
    }

    /// Those that could inject something when the halt began.
    var instances: String {
        let known = count("instances", "known")
        var parts =
            known == 0
            ? ["none with a lease held a fault"]
            : ["\(count("instances", "confirmed")) of \(known) confirmed"]
        for (name, words) in [
            ("off", "off by lease"), ("silentCount", "silent"), ("untracked", "not tracked"),
        ] where count("instances", name) > 0 {
            parts.append("\(count("instances", name)) \(words)")
        }
        let unasked = count("instances", "nodesNotAsked")
        if unasked > 0 { parts.append("\(unasked) node\(unasked == 1 ? "" : "s") not heard") }
        return parts.joined(separator: ", ")
    }

    /// Those that are neither confirmed nor off, as far as they are named.
    var silent: [String] {
        (answer["instances"]?["silent"]?.elements ?? []).map { instance in
            let (name, target) = (instance["instance"]?.text ?? "", instance["target"]?.text ?? "")
            let until = Output.time(instance["offBy"]?.moment)
            return Self.line("", Output.printable("\(name) of \(target), off by \(until)"))
        }
    }

    /// The runs that this halt stopped; those of others are counted.
    var stopped: String {
        let names = (answer["experimentsStopped"]?.elements ?? []).compactMap(\.text).map { arn in
            Self.line("", arn.lastIndex(of: "/").map { String(arn[$0...].dropFirst()) } ?? arn)
        }
        let others = answer["experimentsStoppedOfOtherAccounts"]?.whole ?? 0
        let count = names.isEmpty ? "no" : String(names.count)
        let more = others > 0 ? [Self.line("", "and \(others) of other accounts")] : []
        return ([Self.line("stopped", "\(count) run\(names.count == 1 ? "" : "s")")] + names + more)
            .joined(separator: "\n")
    }

    private func count(_ group: String, _ name: String) -> Int64 { answer[group]?[name]?.whole ?? 0 }

    private static func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: 12 - name.count) + Output.printable(text)
    }
}

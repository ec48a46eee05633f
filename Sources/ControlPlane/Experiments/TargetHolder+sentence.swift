import Base
import Store

extension [TargetHolder] {
    /// Who has what, or waits for it, in words: the first of them by name, the others as a number.
    var sentence: String {
        guard let first else { return "" }
        var seen: Set<String> = [first.experiment]
        let others = count { seen.insert($0.experiment).inserted }
        let more = others == 0 ? "" : ", and \(others) more \(others == 1 ? "is" : "are") in the way"
        return "target \(first.target) is \(first.standing)\(more)."
    }

    /// Who shares which targets with a run that has begun.
    var overlap: String {
        var targets: [String: [String]] = [:]
        for holder in self { targets[holder.experiment, default: []].append(holder.target) }
        let others = targets.sorted { $0.key < $1.key }.map { experiment, targets in
            "\(experiment) has faults on \(targets.sorted().joined(separator: ", "))"
        }
        return "Another experiment runs on the same targets: \(others.joined(separator: "; "))."
    }
}

extension TargetHolder {
    /// As in `held by experiment EXP1 (template EXT1, since 2026-01-01T00:00:00.000Z)`.
    var standing: String {
        guard let since else { return "waited for by experiment \(experiment) (template \(template))" }
        return "held by experiment \(experiment) (template \(template), since \(CalendarTime(since).iso8601))"
    }
}

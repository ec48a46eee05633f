/// Which actions wait for which others.
extension TemplateReader {
    func checkOrder(of actions: [TemplateAction], _ reader: inout MemberReader) {
        guard reader.isStrict else { return }
        let names = reader.names(in: "actions") ?? []
        let refused = Set(reader.problems.map(\.path))
        for action in actions {
            let list = reader.child("actions") + "." + action.name.printable + ".startAfter"
            for (index, other) in action.startAfter.enumerated() {
                let place = "\(list)[\(index)]"
                if other == action.name {
                    reader.refuse(place, given: other, accepted: "the name of another action than itself")
                } else if !names.contains(other), !refused.contains(place) {
                    reader.refuse(place, given: other, accepted: "the name of an action of this template")
                }
            }
        }
        for cycle in ActionCycles.found(in: actions) {
            guard let first = cycle.first else { continue }
            let place = reader.child("actions") + "." + first.printable + ".startAfter"
            let way = (cycle + [first]).map(\.printable).joined(separator: " after ")
            reader.refuse(place, "\(place) makes a cycle, \(way): an order with a beginning is accepted")
        }
    }
}

/// Finds actions that wait for each other in a circle, and so would wait for ever.
enum ActionCycles {
    private enum Mark { case open, closed }

    /// Circles of two or more, each by the names on it; of circles that share actions at least one is found.
    static func found(in actions: [TemplateAction]) -> [[String]] {
        let after = Dictionary(actions.map { ($0.name, $0.startAfter) }) { first, _ in first }
        var marks: [String: Mark] = [:]
        var cycles: [[String]] = []
        for action in actions where marks[action.name] == nil {
            if let cycle = cycle(from: action.name, after, &marks) { cycles.append(cycle) }
        }
        return cycles
    }

    /// Walks depth first, on a stack of its own since the depth is the user's.
    private static func cycle(
        from start: String,
        _ after: [String: [String]],
        _ marks: inout [String: Mark]
    ) -> [String]? {
        var way: [(name: String, rest: ArraySlice<String>)] = [(start, after[start, default: []][...])]
        marks[start] = .open
        while var last = way.popLast() {
            guard let next = last.rest.popFirst() else {
                marks[last.name] = .closed
                continue
            }
            way.append(last)
            if next == last.name || after[next] == nil || marks[next] == .closed { continue }
            if marks[next] == .open {
                for step in way { marks[step.name] = .closed }
                return way.drop { $0.name != next }.map(\.name)
            }
            marks[next] = .open
            way.append((next, after[next, default: []][...]))
        }
        return nil
    }
}

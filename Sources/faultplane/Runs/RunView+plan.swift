import Base
import Experiments

/// Which action comes when, as far as the plan goes: at its end an action lets those go that wait for it.
extension RunView {
    /// The actions with their depths, in the order in which they are to start.
    ///
    /// Depths and starts grow until nothing changes, but no oftener than there are actions: a circle, which no plane
    /// lets through, ends too.
    static func ordered(_ given: [Action]) -> [Action] {
        var actions = given
        var starts = given.map { _ in Duration.zero }
        let places = Dictionary(given.indices.map { (given[$0].name, $0) }) { first, _ in first }
        let before = given.map { $0.startAfter.compactMap { places[$0] } }
        for _ in given {
            var hasChanged = false
            for (place, earlier) in zip(given.indices, before) {
                let depth = earlier.map { actions[$0].depth + 1 }.max() ?? 0
                let start = earlier.map { starts[$0] + given[$0].duration }.max() ?? .zero
                hasChanged = hasChanged || depth != actions[place].depth || start != starts[place]
                actions[place].depth = depth
                starts[place] = start
            }
            if !hasChanged { break }
        }
        let order = given.indices.sorted { left, right in
            (starts[left], actions[left].depth, left) < (starts[right], actions[right].depth, right)
        }
        return order.map { actions[$0] }
    }

    /// When each action begins and ends: what happened where it did, else what is planned.
    func plan(at now: Timestamp) -> [(start: Timestamp, end: Timestamp)] {
        var ends: [String: Timestamp] = [:]
        return actions.map { action in
            let ready = action.startAfter.compactMap { ends[$0] }.max() ?? startedAt ?? now
            let start = action.startedAt ?? (action.isOver ? action.endedAt ?? ready : max(now, ready))
            let isStopping = action.status == ActionStatus.stopping.rawValue
            let end = action.endedAt ?? (isStopping ? now : max(now, start + action.duration))
            ends[action.name] = end
            return (start, end)
        }
    }

    /// How long the run still takes if all goes as planned.
    func left(at now: Timestamp) -> Duration {
        if isOver { return .zero }
        return max(.zero, (plan(at: now).map(\.end).max() ?? now) - now)
    }

    /// How long it has taken so far, or took.
    func elapsed(at now: Timestamp) -> Duration {
        startedAt.map { max(.zero, (endedAt ?? now) - $0) } ?? .zero
    }
}

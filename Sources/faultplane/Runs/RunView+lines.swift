import Base
import Experiments

/// How a run looks to a person.
extension RunView {
    /// The run in one line: how it stands, how long it has taken, how long it will.
    func headline(at now: Timestamp) -> String {
        let spent = Output.length(elapsed(at: now))
        let time: String
        if isOver {
            time = startedAt == nil ? "never started" : "after \(spent)"
        } else if let queue {
            time = queue
        } else {
            let left = left(at: now)
            let whole = Output.length(elapsed(at: now) + left + .milliseconds(500))
            time = "\(spent) of \(whole), \(Output.left(left)) left"
        }
        let why = isOver && !reason.isEmpty ? ": \(reason)" : ""
        return Output.printable("\(id)  \(status)  \(time)\(why)")
    }

    /// Its actions in the order of their starts, each further in the more must have ended before it.
    func table(at now: Timestamp) -> Table {
        let rows = zip(actions, plan(at: now)).map { action, times in
            [
                String(repeating: "  ", count: min(action.depth, 20)) + action.name, action.status,
                Self.time(action, times, now), Output.time(action.startedAt), action.actionID,
                action.isRoutine ? "" : action.reason,
            ]
        }
        return Table(["ACTION", "STATUS", "TIME", "STARTED", "DOES", "REASON"], rows)
    }

    private static func time(
        _ action: Action,
        _ times: (start: Timestamp, end: Timestamp),
        _ now: Timestamp
    ) -> String {
        if action.isOver {
            return action.startedAt == nil ? "-" : "took " + Output.length(times.end - times.start)
        }
        if action.startedAt != nil { return Output.left(times.end - now) + " left" }
        return "in \(Output.left(times.start - now)), for \(Output.left(action.duration))"
    }
}

extension RunView.Action {
    /// Whether its state says all there is to say.
    fileprivate var isRoutine: Bool {
        switch ActionStatus(rawValue: status) {
        case .pending, .initiating, .running, .completed: true
        case .stopping, .stopped, .failed, .cancelled, .skipped, nil: false
        }
    }
}

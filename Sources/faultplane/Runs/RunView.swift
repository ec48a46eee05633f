import Base
import Experiments

/// What is known of a run and shown of it: read once, then moved on by its events; no clock and no server in it.
struct RunView {
    /// One action, where it stands in the order of the run.
    struct Action {
        let name: String
        let actionID: String
        let startAfter: [String]
        /// How long it is to last; zero where the template does not say or it is not to be run.
        let duration: Duration
        /// How many actions stand between it and the start, on the longest way.
        var depth = 0
        var status: String
        var reason: String
        var startedAt: Timestamp?
        var endedAt: Timestamp?

        var isOver: Bool { ActionStatus(rawValue: status)?.isFinal ?? (endedAt != nil) }
    }

    let id: String
    let template: String
    var status: String
    var reason: String
    var startedAt: Timestamp?
    var endedAt: Timestamp?
    /// Where it stands among those that wait for targets, while it waits.
    var queue: String?
    /// In the order in which they are to start; what starts together stands as in the template.
    var actions: [Action]

    /// Reads what `GET /experiments/{id}` answers; nil where that is no experiment.
    init?(_ answer: JSON) {
        guard let run = answer["experiment"], let id = run["id"]?.text,
            let status = run["state"]?["status"]?.text
        else { return nil }
        self.id = id
        self.status = status
        template = run["experimentTemplateId"]?.text ?? "-"
        reason = run["state"]?["reason"]?.text ?? ""
        startedAt = run["startTime"]?.moment
        endedAt = run["endTime"]?.moment
        queue = run["queue"].map(Self.queue)
        let isPreview = run["experimentOptions"]?["actionsMode"]?.text == "skip-all"
        actions = Self.ordered(
            (run["actions"]?.members ?? []).map { Action($0.name, $0.value, isPreview: isPreview) }
        )
    }

    private static func queue(_ queue: JSON) -> String {
        let holders = (queue["heldBy"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
        let behind = holders.isEmpty ? "" : " behind \(holders)"
        let until = Output.time(queue["expiresAt"]?.moment)
        return "queued at place \(queue["place"]?.whole ?? 1)\(behind), until \(until) at the latest"
    }

    var isOver: Bool { RunStatus(rawValue: status)?.isFinal ?? (endedAt != nil) }

    /// Whether it came to the end it was meant to come to.
    var isCompleted: Bool { status == RunStatus.completed.rawValue }

    /// As it was before anything happened, to be moved on by all its events.
    var atStart: RunView {
        var view = self
        (view.status, view.reason) = (RunStatus.pending.rawValue, "")
        (view.startedAt, view.endedAt, view.queue) = (nil, nil, nil)
        view.actions = actions.map { action in
            var action = action
            (action.status, action.reason) = (ActionStatus.pending.rawValue, "")
            (action.startedAt, action.endedAt) = (nil, nil)
            return action
        }
        return view
    }

    /// Moves on by one event; what it does not know changes nothing.
    mutating func happened(_ event: RunNews) {
        switch event.kind {
        case RunEvent.Kind.experiment.rawValue:
            (status, reason, queue) = (event.to, event.reason, nil)
            if event.to == RunStatus.initiating.rawValue { startedAt = startedAt ?? event.at }
            if RunStatus(rawValue: event.to)?.isFinal == true { endedAt = event.at }
        case RunEvent.Kind.action.rawValue:
            guard let place = actions.firstIndex(where: { $0.name == event.subject }) else { return }
            (actions[place].status, actions[place].reason) = (event.to, event.reason)
            if event.to == ActionStatus.initiating.rawValue {
                actions[place].startedAt = actions[place].startedAt ?? event.at
            }
            if actions[place].isOver { actions[place].endedAt = event.at }
        case RunEvent.Kind.queue.rawValue: queue = event.to == RunEvent.Queue.waiting ? event.reason : nil
        default: break
        }
    }
}

extension RunView.Action {
    fileprivate init(_ name: String, _ json: JSON, isPreview: Bool) {
        self.name = name
        actionID = json["actionId"]?.text ?? "-"
        startAfter = (json["startAfter"]?.elements ?? []).compactMap(\.text)
        let length = json["parameters"]?["duration"]?.text.flatMap { ISODuration($0)?.value }
        duration = isPreview ? .zero : length ?? .zero
        status = json["state"]?["status"]?.text ?? ActionStatus.pending.rawValue
        reason = json["state"]?["reason"]?.text ?? ""
        startedAt = json["startTime"]?.moment
        endedAt = json["endTime"]?.moment
    }
}

extension JSON {
    /// A moment as the API writes it, in seconds since 1970 with three decimals, which a double only comes near to.
    var moment: Timestamp? { double.map { Timestamp(seconds: ($0 * 1_000).rounded() / 1_000 + 1e-7) } }
}

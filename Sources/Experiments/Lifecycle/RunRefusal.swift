/// An event that cannot have happened as things stand.
///
/// The run is as it was; the log gets both names.
package enum RunRefusal: Error, Equatable, CustomStringConvertible {
    package enum Event: String, CaseIterable, Sendable {
        case targetsResolved, actionFailed, startRefused, queued, promoted
    }

    case notNow(Event, RunStatus)
    case notInAction(Event, action: String, ActionStatus)
    case unknownAction(Event, action: String)

    package var description: String {
        switch self {
        case .notNow(let event, let status):
            "event \(event.rawValue) in an experiment that is \(status.rawValue)"
        case .notInAction(let event, let action, let status):
            "event \(event.rawValue) for action \(action) that is \(status.rawValue)"
        case .unknownAction(let event, let action):
            "event \(event.rawValue) for action \(action) that is not in the template"
        }
    }
}

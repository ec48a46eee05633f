package import Base

/// What the caller is told.
///
/// Anything that prints the error gets this text, so that details reach a stranger by no accident.
extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable, .connectionLost: "the database cannot be reached"
        case .outcomeUnknown:
            "the database was lost before it had answered; what was to be changed may be done or not: read before repeating it"
        case .queueFull, .waitedTooLong: "too many requests are waiting for the database"
        case .cancelled: "the request was given up"
        case .closed: "the server is stopping"
        case .server(let error):
            error.state == .queryCancelled
                ? "the database took too long" : "the database refused the statement"
        case .unexpectedRow: "the database holds something this version cannot read"
        case .misuse: "the server made a mistake"
        case .refused(let refusal): refusal.description
        case .schema(let problem): problem.description
        case .cluster(let problem): problem.description
        case .address(let problem): problem.description
        case .system: "the machine refused an operation"
        }
    }
}

/// What the log is told.
extension StoreError: LogValue {
    package var logged: JSON {
        switch self {
        case .unavailable(let reason): Self.text("unavailable", reason)
        case .connectionLost(let reason): Self.text("connection lost", reason)
        case .outcomeUnknown(let reason): Self.text("outcome unknown", reason)
        case .queueFull(let waiting): Self.text("queue full", "\(waiting) are waiting")
        case .waitedTooLong(let time): Self.text("waited too long", "\(time.inSeconds) s")
        case .cancelled: "cancelled"
        case .closed: "closed"
        case .server(let error): error.logged
        case .unexpectedRow(let what): Self.text("unexpected row", what)
        case .misuse(let what): Self.text("misuse", what)
        case .refused(let refusal): Self.text("refused", refusal.description)
        case .schema(let problem): Self.text("schema", problem.description)
        case .cluster(let problem): Self.text("cluster", problem.description)
        case .address(let problem): Self.text("address", problem.description)
        case .system(let error): Self.text("system", error.description)
        }
    }

    private static func text(_ kind: String, _ detail: String) -> JSON { .string("\(kind): \(detail)") }
}

extension ServerError: LogValue {
    package var logged: JSON {
        var text = "server: \(state) \(message)"
        if let constraint { text += " (constraint \(constraint))" }
        if let detail { text += ": \(detail)" }
        return .string(text)
    }
}

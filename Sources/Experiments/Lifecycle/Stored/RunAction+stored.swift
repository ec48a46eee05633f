import Base

extension RunAction {
    /// What is stored of an action; the rest is in the template.
    struct Record {
        let name: String
        let plan: ActionPlan
        let status: ActionStatus
        let reason: String
        let startedAt: Timestamp?
        let endsAt: Timestamp?
        let endedAt: Timestamp?

        func action(defined definition: TemplateAction) -> RunAction {
            RunAction(
                definition: definition,
                plan: plan,
                status: status,
                reason: reason,
                startedAt: startedAt,
                endsAt: endsAt,
                endedAt: endedAt
            )
        }
    }

    var json: JSON {
        [
            "name": .string(name),
            "plan": plan.json,
            "status": .string(status.rawValue),
            "reason": .string(reason),
            "startedAt": .stored(startedAt),
            "endsAt": .stored(endsAt),
            "endedAt": .stored(endedAt),
        ]
    }
}

extension RunAction.Record {
    init(stored action: StoredObject) throws(StoredFormError) {
        name = try action.text("name")
        plan = try ActionPlan(stored: action.object("plan"))
        status = try action.word("status")
        reason = try action.text("reason")
        startedAt = try action.optionalMoment("startedAt")
        endsAt = try action.optionalMoment("endsAt")
        endedAt = try action.optionalMoment("endedAt")
    }
}

extension ActionPlan {
    private enum Kind: String { case wait, fault, unsupported }

    var json: JSON {
        switch execution {
        case .wait(let duration): ["kind": .string(Kind.wait.rawValue), "duration": .stored(duration)]
        case .fault(let duration): ["kind": .string(Kind.fault.rawValue), "duration": .stored(duration)]
        case .unsupported(let why): ["kind": .string(Kind.unsupported.rawValue), "why": .string(why)]
        }
    }

    init(stored plan: StoredObject) throws(StoredFormError) {
        switch try plan.word("kind", as: Kind.self) {
        case .wait: self = .wait(try plan.duration("duration"))
        case .fault: self = .fault(try plan.duration("duration"))
        case .unsupported: self = .unsupported(try plan.text("why"))
        }
    }
}

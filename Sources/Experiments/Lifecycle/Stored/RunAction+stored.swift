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
        let held: CoverageMilestone?
        let cleared: CoverageMilestone?
        let refusal: String?

        func action(defined definition: TemplateAction) -> RunAction {
            RunAction(
                definition: definition,
                plan: plan,
                status: status,
                reason: reason,
                startedAt: startedAt,
                endsAt: endsAt,
                endedAt: endedAt,
                held: held,
                cleared: cleared,
                refusal: refusal
            )
        }
    }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("name", .string(name)),
            .init("plan", plan.json),
            .init("status", .string(status.rawValue)),
            .init("reason", .string(reason)),
            .init("startedAt", .stored(startedAt)),
            .init("endsAt", .stored(endsAt)),
            .init("endedAt", .stored(endedAt)),
        ]
        if let held { members.append(.init("held", .string(held.rawValue))) }
        if let cleared { members.append(.init("cleared", .string(cleared.rawValue))) }
        if let refusal { members.append(.init("refusal", .string(refusal))) }
        return .object(members)
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
        held = try action.optionalWord("held")
        cleared = try action.optionalWord("cleared")
        refusal = try action.optionalText("refusal")
    }
}

extension ActionPlan {
    private enum Kind: String { case wait, fault, assertion, unsupported }

    var json: JSON {
        switch execution {
        case .wait(let duration): ["kind": .string(Kind.wait.rawValue), "duration": .stored(duration)]
        case .fault(let duration): ["kind": .string(Kind.fault.rawValue), "duration": .stored(duration)]
        case .assertion: ["kind": .string(Kind.assertion.rawValue)]
        case .unsupported(let why): ["kind": .string(Kind.unsupported.rawValue), "why": .string(why)]
        }
    }

    init(stored plan: StoredObject) throws(StoredFormError) {
        switch try plan.word("kind", as: Kind.self) {
        case .wait: self = .wait(try plan.duration("duration"))
        case .fault: self = .fault(try plan.duration("duration"))
        case .assertion: self = .assertion
        case .unsupported: self = .unsupported(try plan.text("why"))
        }
    }
}

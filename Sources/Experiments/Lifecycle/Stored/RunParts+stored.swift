import Base

extension RunLimits {
    var json: JSON {
        [
            "parallelActions": .integer(Int64(parallelActions)),
            "duration": .stored(duration),
        ]
    }

    init(stored limits: StoredObject) throws(StoredFormError) {
        let parallel = try limits.whole("parallelActions")
        guard parallel > 0, let parallel = Int(exactly: parallel) else {
            throw limits.failure("parallelActions", "is \(parallel), which lets nothing run")
        }
        parallelActions = parallel
        duration = try limits.duration("duration")
    }
}

extension RunError {
    var json: JSON {
        ["accountId": .stored(accountID), "code": .string(code.rawValue), "location": .string(location)]
    }

    init(stored error: StoredObject) throws(StoredFormError) {
        accountID = try error.optionalText("accountId")
        code = try error.word("code")
        location = try error.text("location")
    }
}

extension StopCause {
    private enum Kind: String { case user, stopCondition, steadyState, lever }

    var json: JSON {
        switch self {
        case .user: ["kind": .string(Kind.user.rawValue)]
        case .stopCondition(let text): ["kind": .string(Kind.stopCondition.rawValue), "text": .string(text)]
        case .steadyState(let text): ["kind": .string(Kind.steadyState.rawValue), "text": .string(text)]
        case .lever(let reason): ["kind": .string(Kind.lever.rawValue), "text": .string(reason)]
        }
    }

    init(stored cause: StoredObject) throws(StoredFormError) {
        switch try cause.word("kind", as: Kind.self) {
        case .user: self = .user
        case .stopCondition: self = .stopCondition(try cause.text("text"))
        case .steadyState: self = .steadyState(try cause.text("text"))
        case .lever: self = .lever(try cause.text("text"))
        }
    }
}

extension RunQueue {
    var json: JSON {
        [
            "since": .stored(since), "expiresAt": .stored(expiresAt), "behind": .string(behind),
            "targets": .array(targets.map(\.json)),
        ]
    }

    init(stored queue: StoredObject) throws(StoredFormError) {
        since = try queue.moment("since")
        expiresAt = try queue.moment("expiresAt")
        behind = try queue.text("behind")
        targets = try queue.list("targets", of: ResolvedTarget.init(stored:))
    }
}

extension ResolvedTarget {
    var json: JSON {
        [
            "name": .string(name),
            "resourceType": .string(resourceType),
            "arns": .stored(arns),
            "explanation": .string(explanation),
            // As text: it may be larger than JSON's readers can count.
            "seed": .string(String(seed)),
            "parameters": .array(parameters.map(\.stored)),
        ]
    }

    init(stored target: StoredObject) throws(StoredFormError) {
        name = try target.text("name")
        resourceType = try target.text("resourceType")
        arns = try target.texts("arns")
        explanation = try target.text("explanation")
        guard let seed = UInt64(try target.text("seed")) else {
            throw target.failure("seed", "is not a number")
        }
        self.seed = seed
        parameters = try target.list("parameters", of: TemplateAction.Parameter.init(stored:))
    }
}

extension TemplateAction.Parameter {
    var stored: JSON { ["name": .string(name), "value": .string(value)] }

    init(stored parameter: StoredObject) throws(StoredFormError) {
        self.init(try parameter.text("name"), try parameter.text("value"))
    }
}

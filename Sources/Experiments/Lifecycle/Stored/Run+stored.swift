package import Base

extension Run {
    /// The whole run, for the database: moments and durations in nanoseconds, and lists where order counts.
    package var json: JSON {
        var members: [JSON.Member] = [
            .init("id", .string(id)),
            .init("epoch", .integer(epoch)),
            .init("mode", .string(mode.rawValue)),
            .init("overlap", .string(overlap.rawValue)),
            .init("limits", limits.json),
            .init("status", .string(status.rawValue)),
            .init("reason", .string(reason)),
            .init("error", error?.json ?? .null),
            .init("createdAt", .stored(createdAt)),
            .init("startedAt", .stored(startedAt)),
            .init("endedAt", .stored(endedAt)),
            .init("overAt", .stored(overAt)),
            .init("changedAt", .stored(changedAt)),
            .init("stopCause", stopCause?.json ?? .null),
            .init("targets", targets.map { .array($0.map(\.json)) } ?? .null),
            .init("actions", .array(actions.map(\.json))),
            .init("template", template.json),
        ]
        if let queue { members.append(.init("queue", queue.json)) }
        if !awaits.isEmpty {
            members.append(.init("awaits", .stored(awaits)))
            members.append(.init("awaitsSince", .stored(awaitsSince)))
        }
        if let hypothesis { members.append(.init("hypothesis", hypothesis.json)) }
        if !overlaps.isEmpty { members.append(.init("overlaps", .stored(overlaps))) }
        return .object(members)
    }

    /// Reads a run back, and refuses one whose parts contradict each other.
    package init(stored json: JSON) throws(StoredFormError) {
        let run = try StoredObject(json, path: "run")
        id = try run.text("id")
        epoch = try run.whole("epoch")
        mode = try run.word("mode")
        // Runs of versions that knew of neither ran beside others, and waited for nobody.
        overlap = try run.optionalWord("overlap") ?? .allow
        queue = try Self.optional(run, "queue", RunQueue.init(stored:))
        awaits = try run.optionalTexts("awaits") ?? []
        awaitsSince = awaits.isEmpty ? nil : try run.optionalMoment("awaitsSince")
        hypothesis = try Self.optional(run, "hypothesis", RunHypothesis.init(stored:))
        overlaps = try run.optionalTexts("overlaps") ?? []
        limits = try RunLimits(stored: run.object("limits"))
        status = try run.word("status")
        reason = try run.text("reason")
        error = try Self.optional(run, "error", RunError.init(stored:))
        createdAt = try run.moment("createdAt")
        startedAt = try run.optionalMoment("startedAt")
        endedAt = try run.optionalMoment("endedAt")
        overAt = try run.optionalMoment("overAt")
        changedAt = try run.moment("changedAt")
        stopCause = try Self.optional(run, "stopCause", StopCause.init(stored:))
        targets = try run.optionalList("targets", of: ResolvedTarget.init(stored:))
        let template = try run.template("template")
        let records = try run.list("actions", of: RunAction.Record.init(stored:))
        guard records.map(\.name) == template.actions.map(\.name) else {
            throw run.failure("actions", "are not those of the template")
        }
        self.template = template
        actions = zip(template.actions, records).map { $1.action(defined: $0) }
        try requireConsistent(run)
    }

    private static func optional<Value>(
        _ run: StoredObject,
        _ name: String,
        _ read: (StoredObject) throws(StoredFormError) -> Value
    ) throws(StoredFormError) -> Value? {
        guard let object = try run.optionalObject(name) else { return nil }
        return try read(object)
    }

    private func requireConsistent(_ run: StoredObject) throws(StoredFormError) {
        guard status.isFinal == (endedAt != nil) else {
            throw run.failure("endedAt", "does not go with status \(status.rawValue)")
        }
        guard (status == .failed) == (error != nil) else {
            throw run.failure("error", "does not go with status \(status.rawValue)")
        }
        if status != .pending, queue != nil {
            throw run.failure("queue", "does not go with status \(status.rawValue)")
        }
        if status != .initiating, !awaits.isEmpty {
            throw run.failure("awaits", "does not go with status \(status.rawValue)")
        }
        if !awaits.isEmpty, targets == nil {
            throw run.failure("targets", "are missing while its guards are awaited")
        }
        let hasStarted = status == .initiating || status == .running || status == .completed
        if hasStarted, startedAt == nil {
            throw run.failure("startedAt", "is missing in status \(status.rawValue)")
        }
        if status == .running, targets == nil {
            throw run.failure("targets", "are missing in status running")
        }
        for action in actions {
            let name = "actions.\(action.name)"
            if action.status.isUnderWay, action.startedAt == nil || action.endsAt == nil {
                throw run.failure(name, "is \(action.status.rawValue) without its times")
            }
            if action.status.isFinal != (action.endedAt != nil) {
                throw run.failure(name, "has an end that does not go with status \(action.status.rawValue)")
            }
            if status.isFinal, !action.status.isFinal {
                throw run.failure(
                    name,
                    "is \(action.status.rawValue) in an experiment that is \(status.rawValue)"
                )
            }
            if action.status.isUnderWay, status != .running {
                throw run.failure(
                    name,
                    "is \(action.status.rawValue) in an experiment that is \(status.rawValue)"
                )
            }
        }
    }
}

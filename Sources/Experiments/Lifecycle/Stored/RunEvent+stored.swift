package import Base

extension RunEvent {
    /// As it is stored and chained; the resources are told of targets only.
    package var json: JSON {
        var members: [JSON.Member] = [
            .init("kind", .string(kind.rawValue)),
            .init("subject", .string(subject)),
            .init("from", .stored(from)),
            .init("to", .string(to)),
            .init("reason", .string(reason)),
            .init("at", .stored(at)),
        ]
        if kind == .target { members.append(.init("resources", .stored(resources))) }
        return .object(members)
    }

    package init(stored json: JSON) throws(StoredFormError) {
        let event = try StoredObject(json, path: "event")
        kind = try event.word("kind")
        subject = try event.text("subject")
        from = try event.optionalText("from")
        to = try event.text("to")
        reason = try event.text("reason")
        at = try event.moment("at")
        resources = kind == .target ? try event.texts("resources") : []
    }
}

import Base

extension RunHypothesis {
    var json: JSON {
        var members: [JSON.Member] = [.init("deviations", .array(deviations.map(\.json)))]
        if let verdict { members.append(.init("verdict", .string(verdict.rawValue))) }
        if let recovery { members.append(.init("recovery", .stored(recovery))) }
        return .object(members)
    }

    init(stored hypothesis: StoredObject) throws(StoredFormError) {
        deviations = try hypothesis.list("deviations", of: Deviation.init(stored:))
        verdict = try hypothesis.optionalWord("verdict")
        recovery = try hypothesis.optionalWhole("recovery").map { .nanoseconds($0) }
    }
}

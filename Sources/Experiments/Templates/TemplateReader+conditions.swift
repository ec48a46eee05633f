/// What ends a run.
extension TemplateReader {
    /// `targets` are the names that conditions may use; nil where they could not be made out.
    func stopConditions(_ reader: inout MemberReader, targets: Set<String>?) -> [StopCondition] {
        let conditions = reader.objects(
            "stopConditions",
            limit: limits.stopConditions,
            isRequired: true
        ) { stopCondition(&$0, targets) }
        if conditions.isEmpty, !reader.isDoubtful("stopConditions") {
            reader.refuse(
                "stopConditions",
                "stopConditions is empty: at least one is accepted, where nothing is watched with the source none"
            )
        }
        if conditions.count > 1, let index = conditions.firstIndex(where: { $0.source == "none" }) {
            let place = "stopConditions[\(index)].source"
            reader.refuse(
                place,
                "\(place) is \"none\" beside others: none alone or others without it is accepted"
            )
        }
        return conditions
    }

    private func stopCondition(_ reader: inout MemberReader, _ targets: Set<String>?) -> StopCondition {
        let condition = StopCondition(
            source: reader.requiredText("source", .stopConditionSource),
            value: reader.text("value", .stopConditionValue),
            requires: reader.text("requires", .expression),
            persistence: persistence(&reader)
        )
        if let written = condition.written {
            check(written, &reader, targets)
        } else if !reader.isDoubtful("source") {
            reader.refuse(
                reader.child("source"),
                given: condition.source,
                accepted: StopConditionSource.names
            )
        }
        return condition
    }

    /// For how long or how often it must be bad.
    func persistence(_ reader: inout MemberReader) -> WrittenPersistence {
        let time = TextRule(
            length: 1...32,
            content: .withoutSpaces,
            accepted: WrittenPersistence.acceptedTime
        )
        return WrittenPersistence(
            hold: reader.text("for", time),
            breaches: reader.whole("breaches", accepted: "a whole number"),
            of: reader.whole("of", accepted: "a whole number")
        )
    }

    /// Says what is wrong with a condition, as far as its members could be read.
    func check(_ written: WrittenCondition, _ reader: inout MemberReader, _ targets: Set<String>?) {
        if !reader.isStrict { return }
        var problems: [WrittenCondition.Problem] = []
        _ = written.read("", targets: targets, &problems)
        let unclear = Set(problems.map(\.member).filter { reader.isDoubtful($0) })
        for problem in problems where !unclear.contains(problem.member) {
            let place = reader.child(problem.member)
            reader.refuse(place, problem.message(at: place))
        }
    }
}

package import Base

extension Condition {
    /// Reads the `stopConditions` of an object as they would stand in a template; those that watch nothing are left out.
    ///
    /// A template's targets are not known here, so conditions name theirs by ARN. `alsoKnown` are members that may stand beside.
    package static func read(
        _ json: JSON,
        limits: TemplateLimits = TemplateLimits(),
        alsoKnown: Set<String> = []
    ) throws(TemplateProblems) -> [Condition] {
        guard let members = json.members else {
            let message = "The body is \(json.kind): an object is accepted"
            throw TemplateProblems([TemplateProblem(path: "", message: message)])
        }
        var reader = MemberReader(path: "", members: members, isStrict: true)
        let written = TemplateReader(limits: limits, catalogue: .standard).stopConditions(
            &reader,
            targets: []
        )
        var problems = reader.finish(alsoKnown: alsoKnown)
        var conditions: [Condition] = []
        for (index, condition) in written.enumerated() where problems.isEmpty {
            let name = "stopConditions[\(index)]"
            do throws(ConditionProblem) {
                if let understood = try condition.written?.understood(name, at: name) {
                    conditions.append(understood)
                }
            } catch {
                problems.append(TemplateProblem(path: name, message: error.message))
            }
        }
        if !problems.isEmpty { throw TemplateProblems(problems) }
        return conditions
    }
}

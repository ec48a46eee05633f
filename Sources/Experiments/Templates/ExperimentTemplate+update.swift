package import Base

extension ExperimentTemplate {
    /// The template that `UpdateExperimentTemplate` makes of this one, held to all rules as a whole.
    ///
    /// Members that are not given keep their value, others are replaced. An empty log configuration turns the log off,
    /// an empty hypothesis takes it away, and an action without an id keeps that of the action of its name.
    package func updated(
        by json: JSON,
        limits: TemplateLimits = TemplateLimits(),
        catalogue: Catalogue = .standard,
        alsoKnown: Set<String> = []
    ) throws(TemplateProblems) -> ExperimentTemplate {
        guard let given = json.members?.filter({ $0.value != .null }) else {
            let message = "The update is \(json.kind): an object is accepted"
            throw TemplateProblems([TemplateProblem(path: "", message: message)])
        }
        var problems: [TemplateProblem] = []
        var members = self.json.members ?? []
        for member in given {
            switch member.name {
            case "tags":
                problems.append(.notUpdated("tags", accepted: "TagResource and UntagResource change them"))
                continue
            case "logConfiguration" where member.value.members?.isEmpty == true,
                "steadyStateHypothesis" where member.value.members?.isEmpty == true:
                members.removeAll { $0.name == member.name }
                continue
            case "experimentOptions" where member.value["accountTargeting"] ?? .null != .null:
                problems.append(
                    .notUpdated(
                        "experimentOptions.accountTargeting",
                        accepted: "only a new template has another"
                    )
                )
            default: break
            }
            let value = merged(member)
            if let index = members.firstIndex(where: { $0.name == member.name }) {
                members[index].value = value
            } else {
                members.append(JSON.Member(member.name, value))
            }
        }
        do {
            let template = try Self.read(
                .object(members),
                limits: limits,
                catalogue: catalogue,
                alsoKnown: alsoKnown
            )
            if problems.isEmpty { return template }
        } catch {
            problems += error.problems
        }
        throw TemplateProblems(problems)
    }

    /// The new value of a member, with what it takes over from the old one.
    private func merged(_ member: JSON.Member) -> JSON {
        guard case .object(var members) = member.value else { return member.value }
        switch member.name {
        case "actions":
            members = members.map { JSON.Member($0.name, withID($0.value, of: $0.name)) }
        case "experimentOptions":
            members = members.filter { $0.name != "accountTargeting" && $0.value != .null }
            var given = Set(members.map(\.name))
            // How long to wait goes with the policy that is replaced.
            let policy = member.value["overlapPolicy"]?.text
            if let policy, policy != OverlapPolicy.queue.rawValue { given.insert("queueTimeout") }
            members += (options.json.members ?? []).filter { !given.contains($0.name) }
        case "logConfiguration" where member.value["logSchemaVersion"] ?? .null == .null:
            members.removeAll { $0.name == "logSchemaVersion" }
            members.append(
                JSON.Member("logSchemaVersion", .integer(Int64(logConfiguration?.schemaVersion ?? 2)))
            )
        default: break
        }
        return .object(members)
    }

    private func withID(_ action: JSON, of name: String) -> JSON {
        guard case .object(var members) = action, action["actionId"] ?? .null == .null,
            let old = actions.first(where: { $0.name == name })
        else { return action }
        members.removeAll { $0.name == "actionId" }
        members.append(JSON.Member("actionId", .string(old.actionID)))
        return .object(members)
    }
}

extension TemplateProblem {
    fileprivate static func notUpdated(_ path: String, accepted: String) -> TemplateProblem {
        TemplateProblem(path: path, message: "\(path) cannot be updated: \(accepted)")
    }
}

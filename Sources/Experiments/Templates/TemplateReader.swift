import Base

/// Reads a template from JSON and holds it to all rules at once.
struct TemplateReader {
    let limits: TemplateLimits
    /// Nil for what was stored once: then nothing is held to any rule.
    let catalogue: Catalogue?

    func template(_ json: JSON, alsoKnown: Set<String>) throws(TemplateProblems) -> ExperimentTemplate {
        guard let members = json.members else {
            let message = "The template is \(json.kind): an object is accepted"
            throw TemplateProblems([TemplateProblem(path: "", message: message)])
        }
        var reader = MemberReader(path: "", members: members, isStrict: catalogue != nil)
        let description = reader.requiredText("description", .description)
        let targets = targets(&reader)
        let actions = actions(&reader, among: targets)
        checkUse(&reader, of: targets, by: actions)
        let names = reader.isUnread("targets") ? nil : reader.names(in: "targets")
        let template = ExperimentTemplate(
            description: description,
            targets: targets,
            actions: actions,
            stopConditions: stopConditions(&reader, targets: names),
            roleARN: reader.requiredText("roleArn", .arn),
            tags: reader.tags(),
            logConfiguration: reader.object("logConfiguration", logConfiguration),
            options: reader.object("experimentOptions", options) ?? ExperimentOptions(),
            reportConfiguration: reader.object("experimentReportConfiguration", reportConfiguration),
            hypothesis: reader.object("steadyStateHypothesis") { hypothesis(&$0, targets: names) }
        )
        let problems = reader.finish(alsoKnown: alsoKnown)
        if !problems.isEmpty { throw TemplateProblems(problems) }
        return template
    }

    /// A target that nobody uses is a slip, unless what the actions use could not be made out.
    private func checkUse(
        _ reader: inout MemberReader,
        of targets: [TemplateTarget],
        by actions: [TemplateAction]
    ) {
        let isUnclear = reader.problems.contains {
            $0.path == "actions" || ($0.path.hasPrefix("actions.") && $0.path.contains(".targets"))
                || $0.kind == .unknownAction
        }
        if isUnclear { return }
        let used = Set(actions.flatMap { $0.targets.map(\.target) })
        for target in targets where !used.contains(target.name) {
            let place = "targets." + target.name.printable
            reader.refuse(place, "\(place) is used by no action: a target that an action names is accepted")
        }
    }
}

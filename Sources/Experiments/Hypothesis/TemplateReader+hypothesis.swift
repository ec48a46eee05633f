package import Base

extension Hypothesis {
    /// Reads what a template is to have as its hypothesis, and names all problems at once.
    package static func read(
        _ json: JSON,
        for template: ExperimentTemplate,
        limits: TemplateLimits = TemplateLimits(),
        catalogue: Catalogue = .standard
    ) throws(TemplateProblems) -> Hypothesis {
        guard let members = json.members else {
            let message = "The hypothesis is \(json.kind): an object is accepted"
            throw TemplateProblems([TemplateProblem(path: "", message: message)])
        }
        var reader = MemberReader(path: "", members: members, isStrict: true)
        let targets = Set(template.targets.map(\.name))
        let hypothesis = TemplateReader(limits: limits, catalogue: catalogue)
            .hypothesis(&reader, targets: targets)
        let problems = reader.finish()
        if !problems.isEmpty { throw TemplateProblems(problems) }
        return hypothesis
    }
}

/// What should hold while the faults are on.
extension TemplateReader {
    /// `targets` are the names that probes may use; nil where they could not be made out.
    func hypothesis(_ reader: inout MemberReader, targets: Set<String>?) -> Hypothesis {
        let title = reader.text("title", .hypothesisTitle)
        let probes = reader.objects("probes", limit: Hypothesis.probeCount.upperBound, isRequired: true) {
            probe(&$0, targets)
        }
        let place = reader.child("probes")
        if probes.isEmpty, !reader.isDoubtful("probes") {
            reader.refuse(place, "\(place) is empty: 1 to \(Hypothesis.probeCount.upperBound) are accepted")
        }
        var names: Set<String> = []
        for (index, probe) in probes.enumerated() where !names.insert(probe.name).inserted {
            let place = "\(place)[\(index)].name"
            reader.refuse(place, "\(place) is \(probe.name.quoted), which is there already")
        }
        return Hypothesis(
            title: title,
            probes: probes,
            recoveryTimeout: time("recoveryTimeout", Hypothesis.recoveryKind, &reader)
        )
    }

    private func probe(_ reader: inout MemberReader, _ targets: Set<String>?) -> Hypothesis.Probe {
        let sources = StopConditionSource.watching.map(\.rawValue).alternatives
        let source = TextRule(length: 1...64, content: .withoutSpaces, accepted: sources)
        let probe = Hypothesis.Probe(
            name: reader.requiredText("name", .probeName),
            source: reader.requiredText("source", source),
            value: reader.requiredText("value", .probeValue),
            requires: reader.text("requires", .expression),
            tolerance: reader.object("tolerance", tolerance),
            pointer: reader.text("pointer", .jsonPointer),
            persistence: persistence(&reader)
        )
        if let written = probe.written, written.source != .none {
            check(written, &reader, targets)
        } else if !reader.isDoubtful("source") {
            reader.refuse(reader.child("source"), given: probe.source, accepted: sources)
        }
        return probe
    }

    private func tolerance(_ reader: inout MemberReader) -> Tolerance {
        let tolerance = Tolerance(min: reader.number("min"), max: reader.number("max"))
        switch (tolerance.min, tolerance.max) {
        case (nil, nil) where !reader.isDoubtful("min") && !reader.isDoubtful("max"):
            reader.refuse(reader.path, "\(reader.path) is empty: min, max or both are accepted")
        case (let min?, let max?) where min > max:
            let place = reader.child("min")
            reader.refuse(place, "\(place) is \(min), which is more than max: at most \(max) is accepted")
        default: break
        }
        return tolerance
    }
}

extension StopConditionSource {
    /// Those that watch something.
    package static let watching = allCases.filter { $0 != .none }
}

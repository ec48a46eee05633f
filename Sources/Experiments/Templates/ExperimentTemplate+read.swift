package import Base

extension ExperimentTemplate {
    /// Reads what `CreateExperimentTemplate` is given, and names all problems at once.
    ///
    /// `alsoKnown` are members that may stand beside the template's own, such as `clientToken`.
    package static func read(
        _ json: JSON,
        limits: TemplateLimits = TemplateLimits(),
        catalogue: Catalogue = .standard,
        alsoKnown: Set<String> = []
    ) throws(TemplateProblems) -> ExperimentTemplate {
        let reader = TemplateReader(limits: limits, catalogue: catalogue)
        var template = try reader.template(json, alsoKnown: alsoKnown)
        // One that configures nothing is as good as none.
        if template.reportConfiguration == ReportConfiguration() { template.reportConfiguration = nil }
        return template
    }

    /// Reads what `storedText` wrote, by whatever version: the rules of today are not held against it.
    package init(stored json: JSON) throws(TemplateProblems) {
        self = try TemplateReader(limits: TemplateLimits(), catalogue: nil).template(json, alsoKnown: [])
    }

    /// The text that the database keeps.
    package var storedText: String { String(decoding: json.encoded, as: UTF8.self) }
}

/// The parameters of actions and of targets, each held to its entry in the catalogue.
extension TemplateReader {
    func check(
        _ parameters: [TemplateAction.Parameter],
        against entries: [CatalogueParameter],
        of owner: String,
        _ reader: inout MemberReader
    ) {
        if reader.isUnread("parameters") { return }
        for parameter in parameters {
            let place = reader.child("parameters") + "." + parameter.name.printable
            guard let entry = entries.first(where: { $0.name == parameter.name }) else {
                let names = entries.map(\.name).alternatives
                reader.refuse(place, "\(place) is not a parameter of \(owner): \(names) is accepted")
                continue
            }
            let isRefused = reader.problems.contains { $0.path == place }
            if !isRefused, !entry.kind.accepts(parameter.value) {
                reader.refuse(place, given: parameter.value, accepted: entry.kind.accepted)
            }
        }
        for entry in entries where entry.isRequired && !parameters.contains(where: { $0.name == entry.name })
        {
            let place = reader.child("parameters") + "." + entry.name
            if reader.problems.contains(where: { $0.path == place }) { continue }
            reader.refuse(place, "\(place) is missing: \(entry.kind.accepted) is accepted")
        }
    }
}

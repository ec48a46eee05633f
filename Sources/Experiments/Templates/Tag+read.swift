package import Base

/// What `TagResource`, `UntagResource` and the start of an experiment do with tags.
extension [Tag] {
    /// Reads the tags of a request, an object of texts, and names all problems at once.
    package static func read(_ json: JSON) throws(TemplateProblems) -> [Tag] {
        var reader = MemberReader(path: "", members: [JSON.Member("tags", json)], isStrict: true)
        let tags = reader.tags(isRequired: true)
        let problems = reader.finish()
        if !problems.isEmpty { throw TemplateProblems(problems) }
        return tags
    }

    /// These tags with others put over them: a key that is there already takes the new value and keeps its place.
    package func merged(with others: [Tag]) throws(TemplateProblems) -> [Tag] {
        var tags = self
        for other in others {
            if let index = tags.firstIndex(where: { $0.key == other.key }) {
                tags[index].value = other.value
            } else {
                tags.append(other)
            }
        }
        guard tags.count <= TemplateLimits.tags else {
            let message = "tags would have \(tags.count) entries: at most \(TemplateLimits.tags) are accepted"
            throw TemplateProblems([TemplateProblem(path: "tags", message: message)])
        }
        return tags
    }

    /// These tags without some; keys that are not there are none to remove.
    package func removing(_ keys: [String]) -> [Tag] {
        let keys = Set(keys)
        return filter { !keys.contains($0.key) }
    }

    /// An object of texts, empty where there are none.
    package var json: JSON { .object(map { JSON.Member($0.key, .string($0.value)) }) }
}

extension MemberReader {
    mutating func tags(isRequired: Bool = false) -> [Tag] {
        pairs("tags", keys: .tagKey, values: .tagValue, limit: TemplateLimits.tags, isRequired: isRequired)
            .map { Tag($0.name, $0.value) }
    }
}

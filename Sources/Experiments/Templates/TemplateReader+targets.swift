/// Which resources a template means.
extension TemplateReader {
    func targets(_ reader: inout MemberReader) -> [TemplateTarget] {
        reader.named("targets", limit: limits.targets) { name, reader in target(name, &reader) }
    }

    private func target(_ name: String, _ reader: inout MemberReader) -> TemplateTarget {
        let target = TemplateTarget(
            name: name,
            resourceType: reader.requiredText("resourceType", .catalogueID),
            resourceARNs: reader.texts("resourceArns", .arn, limit: TemplateLimits.arns),
            resourceTags: reader.pairs(
                "resourceTags",
                keys: .resourceTagKey,
                values: .tagValue,
                limit: TemplateLimits.tags
            ).map { Tag($0.name, $0.value) },
            filters: reader.objects("filters", limit: TemplateLimits.entries) { filter in
                TemplateTarget.Filter(
                    path: filter.requiredText("path", .filterPath),
                    values: filterValues(&filter)
                )
            },
            parameters: reader.pairs(
                "parameters",
                keys: .name,
                values: .targetParameter,
                limit: TemplateLimits.entries
            ).map { TemplateAction.Parameter($0.name, $0.value) },
            selection: reader.meaning(
                "selectionMode",
                isRequired: true,
                accepted: SelectionMode.accepted,
                SelectionMode.init
            ) ?? .all
        )
        check(target, &reader)
        return target
    }

    private func filterValues(_ reader: inout MemberReader) -> [String] {
        let values = reader.texts("values", .filterValue, limit: TemplateLimits.entries, isRequired: true)
        if values.isEmpty, !reader.isDoubtful("values") {
            let place = reader.child("values")
            reader.refuse(place, "\(place) is empty: at least one value is accepted")
        }
        return values
    }

    /// What the target's type asks for.
    private func check(_ target: TemplateTarget, _ reader: inout MemberReader) {
        guard let catalogue else { return }
        if !target.resourceARNs.isEmpty, !target.filters.isEmpty {
            let place = reader.child("filters")
            reader.refuse(place, "\(place) and resourceArns are both given: one of them is accepted")
        }
        guard let type = catalogue.resourceType(target.resourceType) else {
            if reader.isDoubtful("resourceType") { return }
            let accepted = "a type that ListTargetResourceTypes names"
            reader.refuse(reader.child("resourceType"), given: target.resourceType, accepted: accepted)
            return
        }
        checkSelectors(target, of: type, &reader)
        for (index, text) in target.resourceARNs.enumerated() {
            guard let arn = ARN(text), !type.fits(arn) else { continue }
            let accepted = "an ARN of the type \(type.id)"
            reader.refuse("\(reader.child("resourceArns"))[\(index)]", given: text, accepted: accepted)
        }
        check(target.parameters, against: type.parameters, of: type.id, &reader)
    }

    private func checkSelectors(
        _ target: TemplateTarget,
        of type: CatalogueResourceType,
        _ reader: inout MemberReader
    ) {
        let used = target.selectors
        if used.isSuperset(of: [.arns, .tags]) {
            let place = reader.child("resourceTags")
            reader.refuse(place, "\(place) and resourceArns are both given: one of them is accepted")
        }
        let isUnclear = reader.isDoubtful("resourceArns") || reader.isDoubtful("resourceTags")
        if used.isEmpty || (used == [.parameters] && !type.selectors.contains(.parameters)) {
            if isUnclear { return }
            reader.refuse(
                reader.path,
                "\(reader.path) does not say which resources it means: \(type.selectors.names) is accepted"
            )
            return
        }
        for selector in [TargetSelector.arns, .tags]
        where used.contains(selector) && !type.selectors.contains(selector) {
            let place = reader.child(selector.rawValue)
            reader.refuse(
                place,
                "\(place) is given for the type \(type.id): \(type.selectors.names) is accepted"
            )
        }
    }
}

extension TemplateTarget {
    /// How it says which resources it means; parameters count only where they stand alone.
    var selectors: Set<TargetSelector> {
        var selectors: Set<TargetSelector> = []
        if !resourceARNs.isEmpty { selectors.insert(.arns) }
        if !resourceTags.isEmpty { selectors.insert(.tags) }
        if selectors.isEmpty, !parameters.isEmpty { selectors.insert(.parameters) }
        return selectors
    }
}

extension Set<TargetSelector> {
    /// In the words of a message, always in the same order.
    var names: String { TargetSelector.allCases.filter(contains).map(\.rawValue).alternatives }
}

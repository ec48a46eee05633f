import Base

extension TemplateAction {
    var stored: JSON {
        [
            "name": .string(name),
            "actionId": .string(actionID),
            "description": .stored(description),
            "parameters": .array(parameters.map(\.stored)),
            "targets": .array(targets.map { ["slot": .string($0.slot), "target": .string($0.target)] }),
            "startAfter": .stored(startAfter),
        ]
    }

    init(stored action: StoredObject) throws(StoredFormError) {
        self.init(
            name: try action.text("name"),
            actionID: try action.text("actionId"),
            description: try action.optionalText("description"),
            parameters: try action.list("parameters", of: Parameter.init(stored:)),
            targets: try action.list("targets", of: SlotTarget.init(stored:)),
            startAfter: try action.texts("startAfter")
        )
    }
}

extension TemplateAction.Parameter {
    var stored: JSON { ["name": .string(name), "value": .string(value)] }

    init(stored parameter: StoredObject) throws(StoredFormError) {
        self.init(try parameter.text("name"), try parameter.text("value"))
    }
}

extension TemplateAction.SlotTarget {
    init(stored slot: StoredObject) throws(StoredFormError) {
        self.init(try slot.text("slot"), try slot.text("target"))
    }
}

extension TemplateTarget {
    var stored: JSON {
        [
            "name": .string(name),
            "resourceType": .string(resourceType),
            "resourceArns": .stored(resourceARNs),
            "resourceTags": .array(resourceTags.map(\.stored)),
            "filters": .array(filters.map { ["path": .string($0.path), "values": .stored($0.values)] }),
            "parameters": .array(parameters.map(\.stored)),
            "selection": selection.stored,
        ]
    }

    init(stored target: StoredObject) throws(StoredFormError) {
        self.init(
            name: try target.text("name"),
            resourceType: try target.text("resourceType"),
            resourceARNs: try target.texts("resourceArns"),
            resourceTags: try target.list("resourceTags", of: Tag.init(stored:)),
            filters: try target.list("filters", of: Filter.init(stored:)),
            parameters: try target.list("parameters", of: TemplateAction.Parameter.init(stored:)),
            selection: try SelectionMode(stored: target.object("selection"))
        )
    }
}

extension TemplateTarget.Filter {
    init(stored filter: StoredObject) throws(StoredFormError) {
        self.init(path: try filter.text("path"), values: try filter.texts("values"))
    }
}

extension SelectionMode {
    private enum Kind: String { case all, count, percent }

    var stored: JSON {
        switch self {
        case .all: ["kind": .string(Kind.all.rawValue)]
        case .count(let count): ["kind": .string(Kind.count.rawValue), "of": .integer(Int64(count))]
        case .percent(let percent): ["kind": .string(Kind.percent.rawValue), "of": .integer(Int64(percent))]
        }
    }

    init(stored selection: StoredObject) throws(StoredFormError) {
        switch try selection.word("kind", as: Kind.self) {
        case .all: self = .all
        case .count: self = .count(Int(clamping: try selection.whole("of")))
        case .percent: self = .percent(Int(clamping: try selection.whole("of")))
        }
    }
}

/// The targets that actions may name.
struct TargetTable {
    let targets: [String: TemplateTarget]
    /// Those among them that could not be read too; nil where nothing could.
    let names: Set<String>?

    /// A target that is there and could not be read has its own problem, and no action that names it is to blame.
    func isNamed(_ name: String) -> Bool { names?.contains(name) ?? true }
}

/// What a template does, and in which order.
extension TemplateReader {
    func actions(_ reader: inout MemberReader, among targets: [TemplateTarget]) -> [TemplateAction] {
        let table = TargetTable(
            targets: Dictionary(targets.map { ($0.name, $0) }) { first, _ in first },
            names: reader.names(in: "targets")
        )
        let actions = reader.named("actions", limit: limits.actions, isRequired: true) { name, reader in
            let action = action(name, &reader)
            check(action, among: table, &reader)
            return action
        }
        if actions.isEmpty, !reader.isDoubtful("actions") {
            reader.refuse("actions", "actions is empty: at least one action is accepted")
        }
        checkOrder(of: actions, &reader)
        return actions
    }

    private func action(_ name: String, _ reader: inout MemberReader) -> TemplateAction {
        TemplateAction(
            name: name,
            actionID: reader.requiredText("actionId", .catalogueID),
            description: reader.text("description", .description),
            parameters: reader.pairs(
                "parameters",
                keys: .name,
                values: .actionParameter,
                limit: TemplateLimits.entries
            ).map { TemplateAction.Parameter($0.name, $0.value) },
            targets: reader.pairs("targets", keys: .name, values: .name, limit: TemplateLimits.entries)
                .map { TemplateAction.SlotTarget($0.name, $0.value) },
            startAfter: reader.texts("startAfter", .name, limit: limits.actions)
        )
    }

    /// What the catalogue asks of the action.
    private func check(
        _ action: TemplateAction,
        among targets: TargetTable,
        _ reader: inout MemberReader
    ) {
        guard let catalogue else { return }
        guard let entry = catalogue.action(action.actionID) else {
            if reader.isDoubtful("actionId") { return }
            let place = reader.child("actionId")
            let words =
                "Invalid actionId: \(place) is \(action.actionID.quoted), and an id that ListActions names is accepted"
            reader.refuse(place, words, kind: .unknownAction)
            return
        }
        check(action.parameters, against: entry.parameters, of: entry.id, &reader)
        checkMoment(of: action, &reader)
        checkSlots(of: action, entry, among: targets, &reader)
    }

    /// `preventExecution` says already whether the fault comes before the handler or after it.
    private func checkMoment(of action: TemplateAction, _ reader: inout MemberReader) {
        guard let when = action.parameter("when"), ["before", "after"].contains(when),
            let prevents = action.parameter("preventExecution").flatMap(ParameterKind.truth),
            prevents != (when == "before")
        else { return }
        let place = reader.child("parameters") + ".when"
        let accepted = prevents ? "before" : "after"
        reader.refuse(
            place,
            "\(place) is \(when.quoted): with preventExecution \"\(prevents)\", \(accepted) is accepted"
        )
    }

    private func checkSlots(
        of action: TemplateAction,
        _ entry: CatalogueAction,
        among targets: TargetTable,
        _ reader: inout MemberReader
    ) {
        let place = reader.child("targets")
        for given in action.targets where given.slot != entry.slot?.name {
            // These are FIS's own words, which its users search for.
            let words = "Unexpected target \(given.slot.quoted) found in action \(action.name.quoted)."
            let accepted =
                entry.slot.map { "\($0.name), with a target of type \($0.resourceType)," } ?? "no target"
            reader.refuse(
                place + "." + given.slot.printable,
                "\(words) For \(entry.id), \(accepted) is accepted"
            )
        }
        guard let slot = entry.slot else { return }
        guard let given = action.targets.first(where: { $0.slot == slot.name }) else {
            if reader.isDoubtful("targets") { return }
            let name = place + "." + slot.name
            reader.refuse(
                name,
                "\(name) is missing: the name of a target of type \(slot.resourceType) is accepted"
            )
            return
        }
        if !reader.isDoubtful("targets") { check(given, in: slot, entry, among: targets, &reader) }
    }

    /// Whether the target that fills the slot is there and fits.
    private func check(
        _ given: TemplateAction.SlotTarget,
        in slot: CatalogueAction.Slot,
        _ entry: CatalogueAction,
        among targets: TargetTable,
        _ reader: inout MemberReader
    ) {
        let place = reader.child("targets") + "." + slot.name
        guard let target = targets.targets[given.target] else {
            if !targets.isNamed(given.target) {
                reader.refuse(place, given: given.target, accepted: "the name of a target of this template")
            }
            return
        }
        if target.resourceType != slot.resourceType {
            if catalogue?.resourceType(target.resourceType) == nil { return }
            reader.refuse(
                place,
                "\(place) is \(given.target.quoted) of type \(target.resourceType.quoted): "
                    + "a target of type \(slot.resourceType) is accepted"
            )
            return
        }
        if let selectors = entry.selectors, !target.selectors.isSubset(of: selectors) {
            let accepted = "a target that says which resources it means by \(selectors.names)"
            reader.refuse(place, given: given.target, accepted: accepted)
        }
        if let most = entry.maxTargets, target.resourceARNs.count > most {
            let found = target.resourceARNs.count
            reader.refuse(
                place,
                "\(place) is \(given.target.quoted) with \(found) resources: at most \(most) is accepted"
            )
        }
    }
}

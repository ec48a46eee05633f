import Base

extension Run {
    /// The faults that actions under way want on that resource, in the template's order.
    package func faults(on arn: String) -> [Fault] {
        actions.flatMap { faults(of: $0.name) }.filter { $0.target == arn }.map(\.fault)
    }

    /// The faults that an action wants while it is under way, each with its resource, in the order of these.
    ///
    /// They are made while a start holds the lever's row, so all at once: a thousand resources are not looked up one by one.
    package func faults(of name: String) -> [(target: String, fault: Fault)] {
        guard let action = action(name), action.plan.publishes, action.status.isUnderWay,
            let window = action.window
        else { return [] }
        let qualifiers = qualifiers(of: action.definition)
        return sorted(qualifiers.keys).compactMap { arn in
            Fault(
                experimentID: id,
                action: action.definition,
                target: arn,
                notBefore: window.from,
                notAfter: window.to,
                qualifier: qualifiers[arn] ?? nil
            ).map { (arn, $0) }
        }
    }

    /// The resources of all of an action's slots, each once, sorted.
    package func arns(of action: String) -> [String] {
        guard let action = self.action(action) else { return [] }
        return sorted(qualifiers(of: action.definition).keys)
    }

    /// What an action means of each of its resources; where it means a function twice, the wider meaning holds.
    private func qualifiers(of action: TemplateAction) -> [String: String?] {
        action.targets.compactMap { target($0.target) }.reduce(into: [:]) { found, target in
            let meant = target.arns.map { ($0, target.functionQualifier) }
            found.merge(meant) { known, other in other == nil ? nil : known }
        }
    }

    private func sorted(_ arns: some Sequence<String>) -> [String] {
        arns.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

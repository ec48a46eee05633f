import Base

extension Run {
    /// The faults that actions under way want on that resource, in the template's order.
    package func faults(on arn: String) -> [Fault] {
        actions.filter { $0.plan.publishes && $0.status.isUnderWay && arns(of: $0.name).contains(arn) }
            .compactMap { action in
                guard let window = action.window else { return nil }
                return Fault(
                    experimentID: id,
                    action: action.definition,
                    target: arn,
                    notBefore: window.from,
                    notAfter: window.to,
                    qualifier: qualifier(of: action.definition, on: arn)
                )
            }
    }

    /// Where an action means a function twice, the wider meaning holds.
    private func qualifier(of action: TemplateAction, on arn: String) -> String? {
        let qualifiers = action.targets.compactMap { target($0.target) }.filter { $0.arns.contains(arn) }
            .map(\.functionQualifier)
        return qualifiers.contains(nil) ? nil : qualifiers.first ?? nil
    }

    /// The resources of all of an action's slots, each once, sorted.
    package func arns(of action: String) -> [String] {
        guard let action = self.action(action) else { return [] }
        return Set(action.definition.targets.flatMap { target($0.target)?.arns ?? [] })
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

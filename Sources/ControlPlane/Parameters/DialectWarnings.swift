import Base
import Experiments
import Store

/// What somebody should know who aims faults at functions that read them from parameters: what they are not told, and that they keep
/// no lease.
struct DialectWarnings: Sendable {
    let parameters: Parameters
    let book: DocumentBook

    private static let limit = 20

    /// Of a template, as far as it names its targets' ARNs itself.
    func of(_ template: ExperimentTemplate, _ account: AccountID) -> [String] {
        warnings(template, account) { name in
            template.targets.first { $0.name == name }?.resourceARNs ?? []
        }
    }

    /// Of a run, whose targets are resolved.
    func of(_ run: Run, _ account: AccountID) -> [String] {
        warnings(run.template, account) { run.target($0)?.arns ?? [] }
    }

    private func warnings(
        _ template: ExperimentTemplate,
        _ account: AccountID,
        _ arns: (String) -> [String]
    ) -> [String] {
        let publishing = template.actions.filter { ActionPlan($0).publishes }
        var actionsByTarget: [String: [(action: TemplateAction, alias: String?)]] = [:]
        for action in publishing {
            for slot in action.targets {
                let alias = template.alias(of: slot.target)
                for arn in arns(slot.target) { actionsByTarget[arn, default: []].append((action, alias)) }
            }
        }
        var found: [String] = []
        for (arn, actions) in actionsByTarget.sorted(by: { $0.key < $1.key }) {
            for reader in readers(of: TargetKey(account: account, target: arn)) {
                found += actions.flatMap { reader.warnings(of: $0.action, for: $0.alias) }
                found.append("\(reader.who). \(reader.dialect.bound)")
                if found.count > Self.limit {
                    return found.prefix(Self.limit) + ["There are more such warnings."]
                }
            }
        }
        return found
    }

    /// Who reads a target's faults from a parameter, as far as it was bound or has been read here.
    private struct Reader {
        let target: String
        let parameter: String
        let dialect: Dialect
        let qualifier: String?

        var who: String { "\(target) is read by \(dialect.title) from \(parameter)" }

        func warnings(of action: TemplateAction, for alias: String?) -> [String] {
            let why =
                dialect.refusal(of: FaultContent(action))
                ?? alias.flatMap {
                    $0 == qualifier ? nil : "it is for the qualifier \($0), to which the name is not bound."
                }
            if let why { return ["Action \(action.name) does nothing where \(who): \(why)"] }
            guard action.isArmed else { return [] }
            return [
                "Action \(action.name) is told where \(who) once it begins: whoever reads it does not count among the "
                    + "instances that it waits for."
            ]
        }
    }

    private func readers(of target: TargetKey) -> [Reader] {
        func reader(_ name: String, _ dialect: Dialect, _ qualifier: String?) -> (String, Reader) {
            (name, Reader(target: target.target, parameter: name, dialect: dialect, qualifier: qualifier))
        }
        let bound = parameters.table.bindings(to: target).map { reader($0.name, $0.dialect, $0.qualifier) }
        let read = book.roomIfAny(target)?.withState { state in
            state.readers.filter(\.value.isBound).map { reader($0.key, $0.value.dialect, $0.value.qualifier) }
        }
        return Dictionary(bound + (read ?? [])) { first, _ in first }.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension ExperimentTemplate {
    /// The one of a function's names that a target means; nil for all.
    fileprivate func alias(of target: String) -> String? {
        targets.first { $0.name == target }?.parameters.first { $0.name == "functionQualifier" }?.value
    }
}

extension TemplateAction {
    /// Whether its fault waits until enough instances hold it.
    fileprivate var isArmed: Bool { parameter("armAtLeastPercent") != nil }
}

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
        var actionsByTarget: [String: [TemplateAction]] = [:]
        for action in publishing {
            for arn in Set(action.targets.flatMap { arns($0.target) }) {
                actionsByTarget[arn, default: []].append(action)
            }
        }
        var found: [String] = []
        for (arn, actions) in actionsByTarget.sorted(by: { $0.key < $1.key }) {
            for reader in readers(of: TargetKey(account: account, target: arn)) {
                found += actions.compactMap { reader.refusal(of: $0) }
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

        var who: String { "\(target) is read by \(dialect.title) from \(parameter)" }

        func refusal(of action: TemplateAction) -> String? {
            var why = dialect.refusal(of: FaultContent(action))
            if why == nil, action.isArmed {
                why = "A parameter is told a fault when it is on, and so nobody holds it before it begins."
            }
            return why.map { "Action \(action.name) does nothing where \(who): \($0)" }
        }
    }

    private func readers(of target: TargetKey) -> [Reader] {
        let bound = parameters.table.bindings(to: target).map { ($0.name, $0.dialect) }
        let read = book.roomIfAny(target)?.withState { $0.readers.map { ($0.key, $0.value.dialect) } } ?? []
        return Dictionary(bound + read) { first, _ in first }.sorted { $0.key < $1.key }
            .map { Reader(target: target.target, parameter: $0.key, dialect: $0.value) }
    }
}

extension TemplateAction {
    /// Whether its fault waits until enough instances hold it.
    fileprivate var isArmed: Bool { parameter("armAtLeastPercent") != nil }
}

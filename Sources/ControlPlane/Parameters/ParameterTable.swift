import Base
import Experiments
import Store
import Synchronization

/// All bindings, and what targets declare of their events, as of one moment.
final class ParameterTable: Sendable {
    /// What a name stands for.
    struct Binding: Equatable, Sendable {
        let name: String
        let target: TargetKey
        let dialect: Dialect
        let qualifier: String?
    }

    private static let made = Atomic<UInt64>(0)

    /// Which of all tables this process has made it is.
    let number: UInt64
    /// The change that this is the state after; -1 for what was not read from the database.
    let change: Int64
    private let byName: [AccountID: [String: Binding]]
    private let byTarget: [TargetKey: [Binding]]
    /// How each name is read that any account has bound; nil where several read it in different ways.
    private let anywhere: [String: Dialect?]
    private let shapes: [TargetKey: EventShape]

    init(change: Int64 = -1, _ bindings: [Binding], shapes: [TargetKey: EventShape] = [:]) {
        number = Self.made.add(1, ordering: .relaxed).newValue
        self.change = change
        self.shapes = shapes
        var byName: [AccountID: [String: Binding]] = [:]
        var byTarget: [TargetKey: [Binding]] = [:]
        var anywhere: [String: Dialect?] = [:]
        for binding in bindings {
            byName[binding.target.account, default: [:]][binding.name] = binding
            byTarget[binding.target, default: []].append(binding)
            let other = anywhere[binding.name]
            anywhere[binding.name] = .some(other == nil || other == binding.dialect ? binding.dialect : nil)
        }
        (self.byName, self.byTarget, self.anywhere) = (byName, byTarget, anywhere)
    }

    /// As the database has it; what this version does not know is left out, and `unknown` is told of it.
    convenience init(_ read: DeploymentBindings, unknown: (ParameterBinding) -> Void) {
        var bindings: [Binding] = []
        for row in read.bindings {
            guard let dialect = Dialect(rawValue: row.dialect) else {
                unknown(row)
                continue
            }
            let target = TargetKey(account: row.account, target: row.target)
            bindings.append(
                Binding(name: row.name, target: target, dialect: dialect, qualifier: row.qualifier)
            )
        }
        let shapes = read.attributes.compactMap { target, attributes in
            attributes[EventShape.attribute]?.text.flatMap { EventShape(rawValue: $0) }.map { (target, $0) }
        }
        self.init(change: read.change, bindings, shapes: Dictionary(shapes) { first, _ in first })
    }

    func binding(_ name: String, of account: AccountID) -> Binding? { byName[account]?[name] }

    func bindings(to target: TargetKey) -> [Binding] { byTarget[target] ?? [] }

    /// Those that are here and not there: taken away, or leading elsewhere.
    func bindings(missingIn other: ParameterTable) -> [Binding] {
        byName.values.flatMap(\.values).filter { other.binding($0.name, of: $0.target.account) != $0 }
    }

    func bindings(of account: AccountID) -> [Binding] { byName[account].map { Array($0.values) } ?? [] }

    func shape(of target: TargetKey) -> EventShape? { shapes[target] }

    /// What a stranger who asks for a name is told: that nothing is on, if anybody has bound it.
    func off(_ name: String, because reason: String) -> JSON? {
        guard let dialect = anywhere[name] else { return nil }
        return dialect?.off(because: reason) ?? Dialect.offForAny(because: reason)
    }
}

extension ParameterTable {
    /// For the disk: what names there are, so that a node which starts without its database knows them.
    var json: JSON {
        .array(
            byName.values.flatMap(\.values).sorted { $0.name < $1.name }.map { binding in
                [
                    "account": .string(binding.target.account.description), "name": .string(binding.name),
                    "target": .string(binding.target.target), "dialect": .string(binding.dialect.rawValue),
                    "qualifier": binding.qualifier.map { .string($0) } ?? .null,
                ]
            }
        )
    }

    convenience init(stored json: JSON) {
        self.init(
            (json.elements ?? []).compactMap { row in
                guard let account = row["account"]?.text.flatMap({ AccountID($0) }),
                    let name = row["name"]?.text, let target = row["target"]?.text,
                    let dialect = row["dialect"]?.text.flatMap({ Dialect(rawValue: $0) })
                else { return nil }
                return Binding(
                    name: name,
                    target: TargetKey(account: account, target: target),
                    dialect: dialect,
                    qualifier: row["qualifier"]?.text
                )
            }
        )
    }
}

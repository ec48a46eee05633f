import Base
import Experiments

/// Asks conditions once, for people who want to know how they stand before a run depends on them.
struct ConditionCheck: Sendable {
    let sources: ConditionSources
    private let free = Locked(ConditionCheck.places)

    init(sources: ConditionSources) { self.sources = sources }

    /// How many may be under way at once.
    private static let places = 16

    /// How long it may take where somebody asks for nothing else.
    static let limit: Duration = .milliseconds(2_500)
    /// How long it may keep somebody waiting who asked for something else.
    private static let passing: Duration = .seconds(1)
    private static let mostWarnings = 20

    /// A reading for each, in their order; one that there is nothing to ask for says why.
    ///
    /// Nil where too many ask at once.
    func readings(_ asked: [ConditionInquiry], within limit: Duration) async -> [Reading]? {
        let isLetIn = free.withLock { free in
            if free > 0 { free -= 1; return true }
            return false
        }
        if !isLetIn { return nil }
        defer { free.withLock { $0 += 1 } }
        var found: [Inquiry: Reading] = [:]
        for await (inquiry, reading) in sources.read(asked.compactMap(\.inquiry), by: .now + limit) {
            found[inquiry] = reading
        }
        return asked.map { asked in
            if let inquiry = asked.inquiry, let reading = found[inquiry] { return reading }
            return Reading(.unreadable, "it is about targets that are not known before a run", latency: .zero)
        }
    }

    /// What whoever runs a template should know of its conditions: those that are bad already, and those that cannot be read.
    ///
    /// What depends on targets that only a run finds is left out.
    func warnings(of template: ExperimentTemplate, _ account: AccountID) async -> [String] {
        guard let conditions = try? template.conditions() else { return [] }
        let asked = conditions.map { ConditionInquiry($0, in: template, account) }.filter {
            $0.inquiry != nil
        }
        if asked.isEmpty { return [] }
        guard let readings = await readings(asked, within: Self.passing) else { return [] }
        let found = zip(asked, readings).compactMap { asked, reading -> String? in
            let name = asked.condition.name
            switch reading.finding {
            case .clear: return nil
            case .breached: return "\(name) is breached already: \(reading.found)."
            case .unreadable: return "\(name) cannot be read now: \(reading.found)."
            }
        }
        if found.count <= Self.mostWarnings { return found }
        return found.prefix(Self.mostWarnings) + ["There are more such warnings."]
    }
}

/// A condition, and what has to be asked for it outside of a run; nil where that depends on targets that are not known.
struct ConditionInquiry: Sendable {
    let condition: Condition
    let inquiry: Inquiry?

    /// One that stands alone; where it names no targets, it is about `targets`.
    init(_ condition: Condition, _ account: AccountID, targets: [String]?) {
        self.init(condition, account, all: targets) { _ in nil }
    }

    /// One of a template, as far as that names its targets' ARNs itself.
    init(_ condition: Condition, in template: ExperimentTemplate, _ account: AccountID) {
        let targets = Dictionary(template.targets.map { ($0.name, $0.resourceARNs) }) { first, _ in first }
        let isKnown = targets.values.allSatisfy { !$0.isEmpty }
        self.init(condition, account, all: isKnown ? targets.values.flatMap(\.self) : nil) { name in
            targets[name].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private init(
        _ condition: Condition,
        _ account: AccountID,
        all: [String]?,
        named: (String) -> [String]?
    ) {
        self.condition = condition
        let question = condition.question
        switch question {
        case .cloudWatchAlarm, .prometheus, .http: inquiry = Inquiry(question)
        case .alarm: inquiry = Inquiry(question, scope: .init(account: account, targets: []))
        case .telemetry(let asked):
            var meant = asked.targets.isEmpty ? all : []
            for name in asked.targets {
                let found = named(name) ?? (ARN(name) == nil ? nil : [name])
                meant = found.flatMap { found in meant.map { $0 + found } }
            }
            inquiry = meant.map {
                Inquiry(question, scope: .init(account: account, targets: Set($0).sorted()))
            }
        }
    }
}

extension Reading {
    /// What was found and what it was held against, in one text.
    fileprivate var found: String { threshold.isEmpty ? value : "\(value), which is \(threshold)" }
}

import Base
import Experiments
import SafetyLever
import Store

/// What a guard is about: the conditions of a run that it looks at, and what has to be asked for each.
///
/// It stays the same for as long as the guard is looked at, and so is remembered from one look to the next.
struct GuardDuty: Sendable {
    let key: GuardKey
    let account: AccountID
    let conditions: [Condition]
    /// In the order of the conditions.
    let inquiries: [Inquiry]
    /// Of a hypothesis: how long the system may take to be itself again.
    let recoveryTime: Duration

    /// A guard of a run whose targets are resolved.
    init(_ key: GuardKey, of run: Run, account: AccountID) throws(ConditionProblem) {
        self.key = key
        self.account = account
        conditions = try run.conditions(of: key.name)
        inquiries = conditions.map { $0.inquiry(in: run, account) }
        recoveryTime = run.template.hypothesis?.recoveryTime ?? .zero
    }
}

extension GuardDuty {
    /// What was found of a condition, in the words in which people are told of it.
    func sentence(
        _ condition: Condition,
        _ reading: Reading?,
        unreadableFor nanoseconds: Int64? = nil
    ) -> String {
        let isProbe = key.name == GuardName.hypothesis
        let name = isProbe ? "probe \(condition.name.quoted)" : condition.name
        return condition.sentence(name, reading, unreadableFor: nanoseconds)
    }
}

/// What guards are about, remembered for as long as they are looked at: who was not asked for between two turnings is forgotten.
struct GuardDuties: Sendable {
    private var young: [GuardKey: GuardDuty] = [:]
    private var old: [GuardKey: GuardDuty] = [:]
    private var recalls = 0
    /// After how many lookups for each that is known the others are forgotten.
    private static let patience = 10

    mutating func recall(_ key: GuardKey) -> GuardDuty? {
        recalls += 1
        if recalls > Self.patience * (young.count + old.count + 1) {
            (old, young, recalls) = (young, [:], 0)
        }
        if let duty = young[key] { return duty }
        guard let duty = old.removeValue(forKey: key) else { return nil }
        young[key] = duty
        return duty
    }

    mutating func remember(_ duty: GuardDuty) { young[duty.key] = duty }
}

extension Run {
    /// What the guard of that name looks at.
    fileprivate func conditions(of name: String) throws(ConditionProblem) -> [Condition] {
        if name == GuardName.stopConditions { return try template.conditions() }
        if name == GuardName.hypothesis { return try template.probes() }
        if let action = GuardName.action(in: name).flatMap({ action($0) }) {
            return try AlarmAssertion(action.definition).conditions
        }
        throw ConditionProblem("\(name) is no guard that this version knows")
    }
}

extension Condition {
    fileprivate func inquiry(in run: Run, _ account: AccountID) -> Inquiry {
        switch question {
        case .cloudWatchAlarm, .prometheus, .http: return Inquiry(question)
        case .alarm: return Inquiry(question, scope: .init(account: account, targets: []))
        case .telemetry(let asked):
            let named = asked.targets.flatMap { run.target($0)?.arns ?? [$0] }
            let meant = asked.targets.isEmpty ? run.targets?.flatMap(\.arns) ?? [] : named
            return Inquiry(question, scope: .init(account: account, targets: Set(meant).sorted()))
        }
    }

    /// When its answers count.
    func rule(pace: Duration) -> ConditionRule {
        ConditionRule(
            hold: persistence.hold.nanoseconds,
            breaches: persistence.breaches,
            of: persistence.of,
            pace: pace.nanoseconds
        )
    }

    /// What was found, in the words in which people are told of it; `name` is what they call it.
    fileprivate func sentence(
        _ name: String,
        _ reading: Reading?,
        unreadableFor nanoseconds: Int64? = nil
    ) -> String {
        let what = "\(name), \(source.rawValue) \(value.quoted)"
        let found = reading.map(\.value) ?? "no answer"
        if let nanoseconds {
            return "\(what) could not be read for \((nanoseconds + 500_000_000) / 1_000_000_000) s: \(found)."
        }
        let threshold = reading?.threshold ?? ""
        return "\(what): \(found)\(threshold.isEmpty ? "" : ", which is \(threshold)")."
    }
}

import Base
import Experiments
import SafetyLever
import Store

extension GuardKeeper {
    /// All answers for a guard are there: draws the conclusion, and writes down what was found.
    func conclude(_ claim: GuardClaim, _ duty: GuardDuty, _ readings: [Reading?]) async {
        var state = GuardState(claim.duty.state, of: duty.conditions)
        for (place, condition) in duty.conditions.enumerated() {
            let reading = readings[place] ?? Reading(.unreadable, "no answer", latency: budget)
            let finding = ConditionFinding(reading.finding)
            let at = claim.at.nanoseconds
            state.entries[place].last = reading
            state.entries[place].verdict = state.entries[place].state.take(
                finding,
                at: at,
                by: condition.rule
            )
        }
        if let action = GuardName.action(in: duty.key.name) {
            await concludeAssertion(of: action, claim, duty, state)
        } else if duty.key.name == GuardName.hypothesis {
            await concludeHypothesis(claim, duty, state)
        } else {
            await concludeStopConditions(claim, duty, state)
        }
    }

    private func concludeStopConditions(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        let isFirst = claim.duty.guardedUntil == nil
        if let breach = breach(of: duty.key.experiment) ?? duty.breach(state, isFirst: isFirst, at: claim.at)
        {
            metrics.end()
            await isFirst && breach.isUnreadable
                ? refuse(claim.duty, breach) : end(claim.duty, breach)
            return await ledger.keep(GuardLook(claim, state: state.json, readings: state.readings))
        }
        let isRead = state.entries.allSatisfy { $0.verdict?.isRead ?? false }
        // What was not guarded for a while is guarded again only by having been read.
        let mayRenew = isRead || !claim.isLapsed
        var look = GuardLook(
            claim,
            state: state.json,
            readings: state.readings,
            guardedUntil: mayRenew ? claim.at + lease : nil
        )
        if state.hasPassed || !mayRenew { return await ledger.keep(look) }
        // First the guard, then the faults: or they would be withheld until the next look.
        await ledger.keep(look)
        let now = keeper.time.now
        guard await change(claim.duty, { $0.guardPassed(duty.key.name, at: now) }) else { return }
        var passed = state
        passed.hasPassed = true
        look.state = passed.json
        await ledger.keep(look)
    }

    private func concludeAssertion(
        of action: String,
        _ claim: GuardClaim,
        _ duty: GuardDuty,
        _ state: GuardState
    ) async {
        let breach = duty.breach(state, isFirst: true, at: claim.at)
        let isOver = breach != nil || state.entries.allSatisfy { $0.verdict?.isRead ?? false }
        var look = GuardLook(claim, state: state.json, readings: state.readings)
        if isOver {
            let now = keeper.time.now
            look.isOver = await change(claim.duty) { $0.asserted(action, failure: breach?.text, at: now) }
        }
        await ledger.keep(look)
    }

    /// Nothing was published yet, and what must be well first cannot be read: the run fails.
    func refuse(_ duty: RunGuard, _ breach: Breach) async {
        let now = keeper.time.now
        _ = await change(duty) { run in
            do throws(RunRefusal) {
                return try run.guardUnreadable(breach.condition, breach.text, at: now)
            } catch {
                // It has begun all the same, by a look that this one knows nothing of.
                return run.guardBreached(breach.condition, breach.text, at: now)
            }
        }
    }
}

extension GuardDuty {
    /// What ends the run; nil where nothing does.
    ///
    /// Before the first fault one bad reading is enough: what is bad already needs no fault to prove it.
    func breach(
        _ state: GuardState,
        isFirst: Bool,
        at moment: Timestamp
    ) -> GuardKeeper.Breach? {
        for (condition, entry) in zip(conditions, state.entries) {
            switch entry.verdict {
            case .breached:
                return .init(condition: condition.name, text: condition.sentence(entry.last))
            case .breaching where isFirst:
                return .init(condition: condition.name, text: condition.sentence(entry.last))
            case .unreadable:
                let since = entry.state.unreadableSince(moment.nanoseconds)
                let seconds = max(0, moment.nanoseconds - since) / 1_000_000_000
                let text = condition.sentence(entry.last, unreadableFor: seconds)
                return .init(condition: condition.name, text: text, isUnreadable: true)
            case .clear, .breaching, .unread, nil: break
            }
        }
        return nil
    }
}

extension ConditionFinding {
    init(_ finding: Reading.Finding) {
        switch finding {
        case .clear: self = .clear
        case .breached: self = .breached
        case .unreadable: self = .unreadable
        }
    }
}

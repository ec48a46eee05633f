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
            let (finding, rule) = (ConditionFinding(reading.finding), condition.rule(pace: pace))
            let at = claim.at.nanoseconds
            state.entries[place].last = reading
            state.entries[place].verdict = state.entries[place].state.take(
                finding,
                at: at,
                took: reading.latency.nanoseconds,
                by: rule
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
        var look = GuardLook(claim, state: state.json, readings: state.readings)
        if claim.stage == .over {
            look.isOver = true
            return await ledger.keep(look)
        }
        // A breach that was found before and could not be written stands, whatever this look found.
        let earlier = unwritten(of: duty.key.experiment) ?? duty.breach(kept: claim.duty.state)
        let isWaiting = claim.stage == .waiting
        if let breach = earlier ?? duty.breach(state, isWaiting: isWaiting, at: claim.at, pace: pace) {
            if earlier != nil { look.state = claim.duty.state }
            if await !end(claim.duty, breach) { look.again = pace / 3 }
            return await ledger.keep(look)
        }
        // What was not guarded for a while is guarded again only by having been read.
        if state.isRead || !claim.isLapsed { look.guardedUntil = claim.at + lease }
        // First the guard, then the faults: or they would be withheld until the next look.
        await ledger.keep(look)
        if isWaiting, state.isRead { await pass(claim.duty) }
    }

    private func concludeAssertion(
        of action: String,
        _ claim: GuardClaim,
        _ duty: GuardDuty,
        _ state: GuardState
    ) async {
        let breach = duty.breach(state, isWaiting: true, at: claim.at, pace: pace)
        var look = GuardLook(claim, state: state.json, readings: state.readings)
        if breach != nil || state.isRead {
            let now = keeper.time.now
            look.isOver = await change(claim.duty) { $0.asserted(action, failure: breach?.text, at: now) }
        }
        await ledger.keep(look)
    }

    /// Everything that the guard looks at is well: the run may begin as far as this guard goes.
    func pass(_ duty: RunGuard) async {
        let now = keeper.time.now
        _ = await change(duty) { $0.guardPassed(duty.name, at: now) }
    }

    /// Ends a run, with all its faults; false where that could not be written, and then it is tried again at the next look.
    func end(_ duty: RunGuard, _ breach: Breach) async -> Bool {
        remember(breach, of: duty.experiment)
        let now = keeper.time.now
        let isDone = await change(duty) { run in
            if breach.isEarly, !run.isAwaitingGuards { return RunAnswer() }
            guard breach.isUnreadable, run.isAwaitingGuards else {
                return run.guardBreached(breach.condition, breach.text, at: now)
            }
            return run.guardUnreadable(breach.condition, breach.text, at: now)
        }
        if isDone { forget(breachOf: duty.experiment) }
        return isDone
    }
}

extension GuardState {
    /// Whether everything could be read, at the last look.
    var isRead: Bool { entries.allSatisfy { $0.verdict?.isRead ?? false } }
}

extension GuardDuty {
    /// What ends the run; nil where nothing does.
    ///
    /// Before the first fault one bad reading is enough: what is bad already needs no fault to prove it.
    func breach(
        _ state: GuardState,
        isWaiting: Bool,
        at moment: Timestamp,
        pace: Duration
    ) -> GuardKeeper.Breach? {
        for (condition, entry) in zip(conditions, state.entries) {
            switch entry.verdict {
            case .breached:
                return .init(condition: condition.name, text: sentence(condition, entry.last))
            case .breaching where isWaiting:
                return .init(condition: condition.name, text: sentence(condition, entry.last), isEarly: true)
            case .unreadable:
                let since = entry.state.unreadableSince(moment.nanoseconds, by: condition.rule(pace: pace))
                let spent = entry.last?.latency.nanoseconds ?? 0
                return .init(
                    condition: condition.name,
                    text: sentence(condition, entry.last, unreadableFor: moment.nanoseconds - since + spent),
                    isUnreadable: true
                )
            case .clear, .breaching, .unread, nil: break
            }
        }
        return nil
    }

    /// What an earlier look found that ends the run, where the run goes on all the same.
    fileprivate func breach(kept json: JSON) -> GuardKeeper.Breach? {
        for (condition, entry) in zip(conditions, GuardState(json, of: conditions).entries) {
            guard let verdict = entry.verdict, verdict.endsRun else { continue }
            let text =
                verdict == .breached
                ? sentence(condition, entry.last)
                : sentence(condition, entry.last, unreadableFor: ConditionRule().unreadableLimit)
            return .init(condition: condition.name, text: text, isUnreadable: verdict == .unreadable)
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

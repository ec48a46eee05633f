package import Base

/// What instances say of an action's fault: that it has arrived, and that it has ended.
extension Run {
    /// How long nodes may take to say that a fault was held.
    static let flushTime: Duration = .seconds(2)

    /// The instances were counted; whatever fell due until then happens first, knowing of it.
    package mutating func covered(
        _ name: String,
        _ counts: CoverageCounts,
        at now: Timestamp
    ) -> RunAnswer {
        var step = step(at: now)
        guard let place = actions.firstIndex(where: { $0.name == name }), actions[place].plan.publishes,
            actions[place].startedAt != nil
        else { return step.answer }
        let before = actions[place].held
        // One that has let go again has held it all the same, and of those that nobody remembers nobody can say that none did.
        let isHeld = counts.held > 0 || counts.untracked > 0
        let reached = CoverageMilestone(counts.holding, of: counts.seen) ?? (isHeld ? .first : nil)
        actions[place].held = [before, reached].compactMap(\.self).max()
        actions[place].refusal = actions[place].refusal ?? counts.refusal
        follow(&step)
        if let reached, before.map({ $0 < reached }) ?? true {
            let reason = Reasons.holding(counts)
            record(actions[place].name, "holding", before, reached, reason, &step)
        }
        if isArming(place), let rule = ArmRule(actions[place].definition), rule.isMet(by: counts) {
            fire(place, counts, &step)
        }
        if !actions[place].status.isUnderWay { noteCleared(place, counts, &step) }
        completeIfOver(at: step.now, &step)
        return step.answer
    }

    private mutating func noteCleared(_ place: Int, _ counts: CoverageCounts, _ step: inout RunStep) {
        guard let reached = CoverageMilestone(counts.cleared, of: counts.held),
            actions[place].cleared.map({ $0 < reached }) ?? true
        else { return }
        let reason = Reasons.cleared(counts.cleared, of: counts.held)
        record(actions[place].name, "clear", actions[place].cleared, reached, reason, &step)
        actions[place].cleared = reached
    }

    private mutating func record(
        _ action: String,
        _ what: String,
        _ before: CoverageMilestone?,
        _ reached: CoverageMilestone,
        _ reason: String,
        _ step: inout RunStep
    ) {
        changedAt = step.now
        step.record(
            RunEvent(
                kind: .coverage,
                subject: "\(action)/\(what)",
                from: before?.rawValue,
                to: reached.rawValue,
                reason: reason,
                at: step.now
            )
        )
    }

    /// Whether the action's fault is published and does not begin before it is said to.
    func isArming(_ place: Int) -> Bool {
        actions[place].isArming
    }

    /// Enough instances hold it: it begins for all of them at the same moment.
    private mutating func fire(_ place: Int, _ counts: CoverageCounts, _ step: inout RunStep) {
        let start = step.now + ArmRule.lead
        actions[place].startedAt = start
        actions[place].endsAt = start + actions[place].plan.duration
        let reason = Reasons.fired(counts.holding, of: counts.seen)
        become(action: place, .running, reason, at: step.now, &step)
        step.advance(actions[place].name)
    }

    /// Too few instances hold it in time.
    mutating func failArming(_ place: Int, _ step: inout RunStep) {
        guard let rule = ArmRule(actions[place].definition) else { return }
        fail(action: place, code: .invalidTarget, Reasons.notArmed(rule), &step)
    }

    /// Faults that were published to their end and that nobody was seen to hold.
    private var unheld: [RunAction] {
        actions.filter { $0.status == .completed && $0.held == nil && $0.mustBeHeld }
    }

    /// When it is decided that nobody held them; nil where that is no question, or not yet.
    var unheldDueAt: Timestamp? {
        guard status == .running, actions.allSatisfy({ $0.status.isFinal }) else { return nil }
        guard let last = unheld.compactMap(\.endedAt).max() else { return nil }
        // However late somebody looked: what was heard meanwhile may not be written down yet.
        return max(last, overAt ?? last) + Self.flushTime
    }

    /// Whether what instances say decides how the run ends, and that soon.
    package var awaitsCoverage: [String] { unheldDueAt == nil ? [] : unheld.map(\.name) }

    mutating func failUnheld(_ step: inout RunStep) {
        guard let first = unheld.first else { return }
        let arns = arns(of: first.name).joined(separator: ", ")
        fail(RunError(code: .invalidTarget, location: first.name), Reasons.unheld(first, on: arns), &step)
    }
}

extension RunAction {
    /// Whether its fault is published and waits for instances to hold it.
    package var isArming: Bool { plan.publishes && status == .initiating && ArmRule(definition) != nil }

    /// From when to when its fault is on; while it is armed, far off.
    var window: (from: Timestamp, to: Timestamp)? {
        guard let startedAt, let endsAt else { return nil }
        if !isArming { return (startedAt, endsAt) }
        let from = endsAt + ArmRule.distance
        return (from, from + plan.duration)
    }

    /// Whether it is a failure if nobody holds its fault: a fault of no invocation is none, and a template may not mind.
    fileprivate var mustBeHeld: Bool {
        let share = definition.parameter("invocationPercentage").flatMap { Double($0) } ?? 100
        return plan.publishes && share > 0 && definition.parameter("ifUnheld") != "complete"
    }
}

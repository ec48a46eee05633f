package import Base

/// What the probes of a run's hypothesis say; once its faults have begun, none of it changes the run's status.
extension Run {
    /// A probe is not where it should be before the first fault: the run is stopped, and publishes nothing.
    package mutating func steadyStateMissing(
        _ probe: String,
        _ text: String,
        at now: Timestamp
    ) -> RunAnswer {
        // Once the run has begun a probe only deviates.
        guard awaits.contains(GuardName.hypothesis) else { return RunAnswer() }
        return endedByGuard(probe, text, .steadyState(text), at: now)
    }

    /// A probe left its tolerance; only the first time counts, and nothing does once the hypothesis is judged.
    package mutating func probeDeviated(_ deviation: Deviation, at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        follow(&step)
        guard let known = hypothesis, known.verdict == nil,
            !known.deviations.contains(where: { $0.probe == deviation.probe })
        else { return step.answer }
        hypothesis?.deviations.append(deviation)
        changedAt = step.now
        step.record(
            RunEvent(
                kind: .hypothesisDeviated,
                subject: deviation.probe,
                from: nil,
                to: RunEvent.deviated,
                reason: Reasons.shortened(deviation.text),
                at: step.now
            )
        )
        return step.answer
    }

    /// Nothing more will come of the hypothesis, mostly some time after the run's end; what was said first stands.
    package mutating func hypothesisJudged(_ judgement: HypothesisJudgement, at now: Timestamp) -> RunAnswer {
        var step = step(at: now)
        follow(&step)
        judge(judgement, at: step.now, &step)
        return step.answer
    }

    /// A run that ends before anything began has shown nothing.
    mutating func judgeUnbegun(at moment: Timestamp, _ step: inout RunStep) {
        guard actions.allSatisfy({ $0.startedAt == nil }) else { return }
        judge(HypothesisJudgement(.notEvaluated, reason: Reasons.nothingBegan), at: moment, &step)
    }

    private mutating func judge(
        _ judgement: HypothesisJudgement,
        at moment: Timestamp,
        _ step: inout RunStep
    ) {
        guard let known = hypothesis, known.verdict == nil else { return }
        hypothesis?.verdict = judgement.verdict
        hypothesis?.recovery = judgement.recovery
        changedAt = max(changedAt, moment)
        step.record(
            RunEvent(
                kind: .hypothesisJudged,
                subject: id,
                from: nil,
                to: judgement.verdict.rawValue,
                reason: Reasons.shortened(judgement.reason),
                at: moment
            )
        )
    }

    /// When the last of its faults ended, or the run where it had none; nil while it goes on.
    package var faultsEndedAt: Timestamp? {
        guard status.isFinal else { return nil }
        let faults = actions.filter { $0.plan.publishes && $0.startedAt != nil }
        return faults.compactMap(\.endedAt).max() ?? endedAt
    }
}

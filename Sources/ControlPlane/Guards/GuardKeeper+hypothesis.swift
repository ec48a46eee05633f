import Base
import Experiments
import SafetyLever
import Store

/// The probes of a hypothesis: before the first fault they must be where they should be, and from then on they are only followed, until
/// the run is over and the system is itself again.
extension GuardKeeper {
    func concludeHypothesis(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        if state.hasPassed {
            await follow(claim, duty, state)
        } else {
            await concludeBefore(claim, duty, state)
        }
    }

    private func concludeBefore(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        let now = keeper.time.now
        var state = state
        var look = GuardLook(claim, state: state.json, readings: state.readings, isOver: claim.isEnded)
        if claim.isEnded { return await ledger.keep(look) }
        if let breach = duty.breach(state, isFirst: true, at: claim.at) {
            metrics.end()
            if breach.isUnreadable {
                await refuse(claim.duty, breach)
            } else {
                _ = await change(claim.duty) { run in
                    run.steadyStateMissing(breach.condition, breach.text, at: now)
                }
            }
            return await ledger.keep(look)
        }
        guard state.entries.allSatisfy({ $0.verdict?.isRead ?? false }) else {
            return await ledger.keep(look)
        }
        // Followed from now on: the first fault may come with the run's next step.
        state.extra =
            HypothesisTrack(
                probes: duty.conditions.map(\.name),
                recoveryTime: duty.recoveryTime,
                beganAt: claim.at
            ).json
        state.hasPassed = await change(claim.duty) { $0.guardPassed(duty.key.name, at: now) }
        look.state = state.json
        await ledger.keep(look)
    }

    private func follow(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        var state = state
        var look = GuardLook(claim, state: state.json, readings: state.readings)
        var track: HypothesisTrack
        do throws(StoredFormError) {
            track = try HypothesisTrack(stored: state.extra)
        } catch {
            keeper.log.error(
                "hypothesis unreadable",
                .field("experiment.id", duty.key.experiment),
                .field("error", error.description)
            )
            look.isOver = await judge(
                claim.duty,
                HypothesisJudgement(.notEvaluated, reason: "What was seen of it cannot be read any more.")
            )
            return await ledger.keep(look)
        }
        if claim.isEnded, let end = await faultsEnd(of: claim.duty) { track.faultsEnded(at: end) }
        var isTold = true
        for deviation in track.take(state.looks(duty.conditions), at: claim.at) {
            let now = keeper.time.now
            isTold = await change(claim.duty) { $0.probeDeviated(deviation, at: now) } && isTold
        }
        // What the run was not told of is found again by the next look.
        if isTold { state.extra = track.json }
        if isTold, let judgement = track.judgement(at: claim.at) {
            look.isOver = await judge(claim.duty, judgement)
        }
        look.state = state.json
        if claim.isEnded { look.again = pace / 3 }
        await ledger.keep(look)
    }

    private func judge(_ duty: RunGuard, _ judgement: HypothesisJudgement) async -> Bool {
        let now = keeper.time.now
        return await change(duty) { $0.hypothesisJudged(judgement, at: now) }
    }

    /// When a run's faults ended that is over; nil where that cannot be read now.
    private func faultsEnd(of duty: RunGuard) async -> Timestamp? {
        let ids = [duty.experiment]
        do throws(StoreError) {
            let rows = try await keeper.database.statement { transaction throws(StoreError) in
                try transaction.experimentListNamed(ids)
            }
            guard let row = rows.first else { return nil }
            return try await keeper.open(row)?.run.faultsEndedAt
        } catch {
            keeper.log.error(
                "end of faults not read",
                .field("experiment.id", duty.experiment),
                .field("error", error)
            )
            return nil
        }
    }
}

extension GuardState {
    /// What was found of each probe, in the words of a hypothesis.
    fileprivate func looks(_ conditions: [Condition]) -> [String: HypothesisTrack.Look] {
        var looks: [String: HypothesisTrack.Look] = [:]
        for (condition, entry) in zip(conditions, entries) {
            let finding: HypothesisTrack.Finding =
                switch entry.verdict {
                case .clear: .inside
                case .breaching: .wavering
                case .breached: .outside
                case .unread, .unreadable, nil: .unread
                }
            looks[condition.name] = HypothesisTrack.Look(finding, condition.sentence(entry.last))
        }
        return looks
    }
}

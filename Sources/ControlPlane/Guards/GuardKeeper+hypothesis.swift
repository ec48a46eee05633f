import Base
import Experiments
import SafetyLever
import Store

/// The probes of a hypothesis: before the first fault they must be where they should be, and from then on they are only followed, until
/// the run is over and the system is itself again.
extension GuardKeeper {
    func concludeHypothesis(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        switch claim.stage {
        case .waiting: await concludeBefore(claim, duty, state)
        case .underWay, .over: await follow(claim, duty, state)
        }
    }

    private func concludeBefore(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        let now = keeper.time.now
        var state = state
        if let breach = duty.breach(state, isWaiting: true, at: claim.at, pace: pace) {
            _ = await change(claim.duty) { run in
                breach.isUnreadable
                    ? run.guardUnreadable(breach.condition, breach.text, at: now)
                    : run.steadyStateMissing(breach.condition, breach.text, at: now)
            }
            return await ledger.keep(GuardLook(claim, state: state.json, readings: state.readings))
        }
        // Followed from here on: the first fault may come with the run's next step.
        state.extra = duty.track(from: claim.at).json
        await ledger.keep(GuardLook(claim, state: state.json, readings: state.readings))
        if state.isRead { await pass(claim.duty) }
    }

    private func follow(_ claim: GuardClaim, _ duty: GuardDuty, _ state: GuardState) async {
        var state = state
        var look = GuardLook(claim, state: state.json, readings: state.readings)
        var track: HypothesisTrack
        do throws(StoredFormError) {
            // What was kept last may not have been written: then it is followed from here.
            track =
                state.extra == .null ? duty.track(from: claim.at) : try HypothesisTrack(stored: state.extra)
        } catch {
            keeper.log.error(
                "hypothesis unreadable",
                .field("experiment.id", duty.key.experiment),
                .field("error", error.description)
            )
            look.isOver = await judge(claim.duty, "What was seen of it cannot be read any more.")
            return await ledger.keep(look)
        }
        if claim.stage == .over {
            look.again = pace / 3
            switch await faultsEnd(of: claim.duty) {
            case .at(let end): track.faultsEnded(at: end)
            case .unread: return await ledger.keep(look)
            case .settled:
                look.isOver = true
                return await ledger.keep(look)
            }
        }
        var isTold = true
        for deviation in track.take(duty.looks(state), at: claim.at) {
            let now = keeper.time.now
            isTold =
                await change(claim.duty) { $0.probeDeviated(deviation, at: now) }
                && isTold
        }
        // What the run was not told of is found again by the next look.
        if isTold { state.extra = track.json }
        if isTold, let judgement = track.judgement(at: claim.at) {
            let now = keeper.time.now
            look.isOver = await change(claim.duty) {
                $0.hypothesisJudged(judgement, at: now)
            }
        }
        look.state = state.json
        await ledger.keep(look)
    }

    /// Nothing more can come of it.
    func judge(_ duty: RunGuard, _ reason: String) async -> Bool {
        let now = keeper.time.now
        let judgement = HypothesisJudgement(.notEvaluated, reason: reason)
        return await change(duty) { $0.hypothesisJudged(judgement, at: now) }
    }

    private enum FaultsEnd {
        case at(Timestamp)
        /// The database cannot be asked now.
        case unread
        /// The run is gone or unreadable, or its hypothesis is judged already.
        case settled
    }

    /// When the faults of a run ended that is over.
    private func faultsEnd(of duty: RunGuard) async -> FaultsEnd {
        let ids = [duty.experiment]
        do throws(StoreError) {
            let rows = try await keeper.database.statement { transaction throws(StoreError) in
                try transaction.experimentListNamed(ids)
            }
            guard let row = rows.first, let run = try await keeper.open(row)?.run, let end = run.faultsEndedAt
            else { return .settled }
            return run.hypothesis?.verdict == nil ? .at(end) : .settled
        } catch {
            keeper.log.error(
                "end of faults not read",
                .field("experiment.id", duty.experiment),
                .field("error", error)
            )
            return .unread
        }
    }
}

extension GuardDuty {
    /// Nothing was seen of the hypothesis before that moment.
    fileprivate func track(from moment: Timestamp) -> HypothesisTrack {
        HypothesisTrack(probes: conditions.map(\.name), recoveryTime: recoveryTime, beganAt: moment)
    }
}

extension GuardDuty {
    /// What was found of each probe, in the words of a hypothesis.
    fileprivate func looks(_ state: GuardState) -> [String: HypothesisTrack.Look] {
        var looks: [String: HypothesisTrack.Look] = [:]
        for (condition, entry) in zip(conditions, state.entries) {
            let finding: HypothesisTrack.Finding =
                switch entry.verdict {
                case .clear: .inside
                case .breaching: .wavering
                case .breached: .outside
                case .unread, .unreadable, nil: .unread
                }
            looks[condition.name] = HypothesisTrack.Look(finding, sentence(condition, entry.last))
        }
        return looks
    }
}

import Base

/// An injector's half of the agreement: what it may inject at each moment, out of what it was told and when.
///
/// It knows no network and no clock. A poll that begins, its answer, and somebody who asks what to inject come in with a reading of
/// the clocks; whatever is lost, late, doubled or out of order, it injects only what a server that was sure of itself said is on, and
/// only for as long as that may be trusted.
package struct Injector: Sendable {
    package let target: String
    /// The actions it can perform, by their ids.
    package let actions: Set<String>

    private var clock = TrustClock()
    private var held: HeldDocument?
    /// The highest version ever seen: nothing lower is taken, whoever says it.
    private var highest: Int64 = 0
    /// Until when what is held may be injected; nil while nothing may.
    private var trustedUntil: TrustMoment?
    private var counts: [String: InvocationCount] = [:]
    private var pace = PollPace()
    private var rejected: (version: Int64, silence: Int)?

    package init(target: String, actions: Set<String>) {
        self.target = target
        self.actions = actions
    }

    /// The version that a poll names: what is held is acknowledged by asking for what comes after it.
    package var version: Int64? { held?.document.version }
}

/// A poll that is under way.
package struct Poll: Equatable, Sendable {
    /// The version it names, as `If-None-Match`.
    package let named: Int64?
    let sent: TrustMoment
}

extension Injector {
    /// A poll begins: read the clocks first, then send.
    package mutating func pollBegins(at reading: ClockReading) -> Poll {
        Poll(named: version, sent: clock.moment(at: reading))
    }

    /// Its answer is here: read the clocks after the last byte came.
    package mutating func pollEnds(_ poll: Poll, _ answer: PollAnswer, at reading: ClockReading) {
        // What begins waits for the clock that never runs fast, and what ends for the one that never runs slow.
        let received = reading.boot
        _ = clock.moment(at: reading)
        switch answer {
        case .degraded(_, let nextPoll):
            trustedUntil = nil
            pace.answered(nextPoll)
        case .unchanged(let version, let terms):
            pace.answered(terms.nextPoll)
            // Another poll may have brought something newer, and this answer says nothing of that.
            guard version == poll.named, version == held?.document.version else { return }
            held?.place(terms, sent: poll.sent, received: received)
            trust(terms, poll)
        case .document(let document, let terms):
            pace.answered(terms.nextPoll)
            guard document.target == target else { return }
            if document.version < highest, !SeededBug.isOn(.skipEpochCheck) { return }
            if held?.document.version != document.version { take(document) }
            held?.place(terms, sent: poll.sent, received: received)
            trust(terms, poll)
        }
    }

    /// No answer came, or none that can be understood.
    ///
    /// `retryAfter` is what the server asked for, if it said so; `chance` is between 0 and 1 and spreads those who lost it together.
    package mutating func pollFailed(retryAfter: Duration? = nil, chance: Double) {
        pace.failed(retryAfter: retryAfter, chance: chance)
    }

    /// How long to wait before the next poll.
    package var pause: Duration { pace.pause }

    /// An older answer of the same version may have been trusted for longer.
    private mutating func trust(_ terms: AnswerTerms, _ poll: Poll) {
        let until = poll.sent + terms.held + terms.lease
        trustedUntil = max(trustedUntil ?? until, until)
    }

    private mutating func take(_ document: TargetDocument) {
        let before = held
        held = HeldDocument(document, after: before)
        highest = document.version
        trustedUntil = nil
        let ids = Set(document.faults.map(\.id))
        counts = counts.filter { ids.contains($0.key) }
    }
}

extension Injector {
    /// What is on now: of faults that exclude each other the one that began first.
    package mutating func active(at reading: ClockReading) -> [TargetFault] {
        active(at: clock.moment(at: reading), reading.boot)
    }

    /// Whether what is held is still to be believed, be there a fault in it or none.
    package mutating func isTrusted(at reading: ClockReading) -> Bool {
        let now = clock.moment(at: reading)
        return trustedUntil.map { now < $0 } ?? false
    }

    /// What to do to one invocation, and counts it.
    package mutating func injections(for requestID: String, at reading: ClockReading) -> [TargetFault] {
        active(at: clock.moment(at: reading), reading.boot).filter { fault in
            guard let rule = InvocationRule(fault) else { return false }
            return counts[fault.id, default: InvocationCount()].take(
                rule,
                rule.chooses(requestID, salt: fault.salt)
            )
        }
    }

    private func active(at now: TrustMoment, _ boot: Instant) -> [TargetFault] {
        guard let held, let trustedUntil, now < trustedUntil else { return [] }
        let on = held.on(at: now, boot).filter { fault in
            guard actions.contains(fault.actionID), let rule = InvocationRule(fault) else { return false }
            return !(counts[fault.id] ?? InvocationCount()).isUsedUp(rule)
        }
        return FaultConflict.survivors(of: on)
    }

    /// What of the held version cannot be injected as it is told; nil where all of it can.
    ///
    /// Asked for after each answer. It is told once for a version, and now and then again: a server that was started anew has forgotten it.
    package mutating func rejection() -> Rejection? {
        guard let document = held?.document else { return nil }
        if let rejected, rejected.version == document.version, rejected.silence > 0 {
            self.rejected?.silence -= 1
            return nil
        }
        rejected = (document.version, Self.rejectionSilence)
        let problems = document.faults.compactMap { fault -> (id: String, why: String)? in
            if !actions.contains(fault.actionID) {
                return (fault.id, "\(fault.actionID) cannot be performed here")
            }
            return InvocationRule(fault) == nil ? (fault.id, "its parameters cannot be understood") : nil
        }
        if problems.isEmpty { return nil }
        return Rejection(
            version: document.version,
            faults: problems.map(\.id),
            reason: problems.map { "\($0.id): \($0.why)" }.joined(separator: "; ")
        )
    }

    /// How many answers go by before a rejection is told again.
    private static let rejectionSilence = 10
}

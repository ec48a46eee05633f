/// How long or how often a stop condition must be bad before it counts, and how long it may be unreadable; times in nanoseconds.
package struct ConditionRule: Equatable, Sendable {
    /// For how long it must be bad without a break.
    package var hold: Int64
    /// In how many of the last readings it must be bad, and of how many.
    package var breaches: Int
    package var of: Int
    /// A guard that cannot be read for so long guards nothing any more.
    package var unreadableLimit: Int64
    /// How often it is looked at.
    package var pace: Int64

    package init(
        hold: Int64 = 0,
        breaches: Int = 1,
        of: Int = 1,
        unreadableLimit: Int64 = 15_000_000_000,
        pace: Int64 = 0
    ) {
        self.hold = hold
        self.breaches = breaches
        self.of = max(of, breaches)
        self.unreadableLimit = unreadableLimit
        self.pace = pace
    }
}

/// What one look at a condition found.
package enum ConditionFinding: String, CaseIterable, Sendable {
    case clear
    case breached
    case unreadable
}

/// What a condition comes to, with all that was found before.
package enum ConditionVerdict: String, CaseIterable, Sendable {
    /// All is well.
    case clear
    /// It is bad, but not yet for long or often enough.
    case breaching
    /// The run must end.
    case breached
    /// It could not be read just now.
    case unread
    /// It could not be read for so long that the run must end.
    case unreadable

    package var endsRun: Bool {
        switch self {
        case .breached, .unreadable: true
        case .clear, .breaching, .unread: false
        }
    }

    /// Whether it was read at all.
    package var isRead: Bool {
        switch self {
        case .clear, .breaching, .breached: true
        case .unread, .unreadable: false
        }
    }
}

/// What is remembered of a condition from one look to the next; moments are in nanoseconds since 1970, by one clock.
package struct ConditionState: Equatable, Sendable {
    /// Whether it was bad in the last readings, the newest last; no more of them than the rule asks for.
    package var recent: [Bool]
    /// Since when it has been bad in every reading.
    package var breachedSince: Int64?
    /// When the last look began that could read it.
    package var readAt: Int64?
    /// When the first look began that could not read it, since one could.
    package var failedAt: Int64?

    package init(
        recent: [Bool] = [],
        breachedSince: Int64? = nil,
        readAt: Int64? = nil,
        failedAt: Int64? = nil
    ) {
        self.recent = recent
        self.breachedSince = breachedSince
        self.readAt = readAt
        self.failedAt = failedAt
    }

    /// Since when it cannot be read, as seen by a look that began then and could not.
    ///
    /// It may have been so since the look before. A time in which nobody looked at all says nothing of it.
    package func unreadableSince(_ moment: Int64, by rule: ConditionRule) -> Int64 {
        let failed = failedAt ?? moment
        return readAt.map { max($0, failed - rule.pace) } ?? failed
    }

    /// Takes in what a look found that began at that moment and took so long; a clock that ran back counts as one that stood still.
    ///
    /// What cannot be read changes nothing that was read before: a condition that was bad is not taken for well again.
    package mutating func take(
        _ finding: ConditionFinding,
        at moment: Int64,
        took latency: Int64 = 0,
        by rule: ConditionRule
    ) -> ConditionVerdict {
        let now = max(moment, readAt ?? moment, failedAt ?? moment)
        switch finding {
        case .unreadable:
            failedAt = failedAt ?? now
            // Looks come now a little earlier and now a little later: one more is not waited for.
            let silence = now - unreadableSince(now, by: rule) + latency + rule.pace / 6
            return silence >= rule.unreadableLimit ? .unreadable : .unread
        case .clear:
            (readAt, failedAt) = (now, nil)
            breachedSince = nil
            note(false, rule)
            return .clear
        case .breached:
            (readAt, failedAt) = (now, nil)
            let since = breachedSince ?? now
            breachedSince = since
            note(true, rule)
            let isOften = recent.count(where: { $0 }) >= rule.breaches
            return isOften && now - since >= rule.hold ? .breached : .breaching
        }
    }

    private mutating func note(_ isBad: Bool, _ rule: ConditionRule) {
        recent.append(isBad)
        if recent.count > rule.of { recent.removeFirst(recent.count - rule.of) }
    }
}

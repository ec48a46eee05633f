package import Base

/// Follows the probes of a run from its first fault until it is known whether its hypothesis held and how long recovery took.
///
/// It knows no clock: each look says when it began. What was seen before the first fault is no part of it.
package struct HypothesisTrack: Equatable, Sendable {
    /// What one look found of one probe.
    package enum Finding: String, CaseIterable, Sendable {
        case inside
        /// Not where it should be, but not yet for long or often enough to count.
        case wavering
        case outside
        /// It could not be read.
        case unread
    }

    /// A finding, and what was read in words.
    package struct Look: Hashable, Sendable {
        package var finding: Finding
        package var text: String

        package init(_ finding: Finding, _ text: String = "") {
            self.finding = finding
            self.text = text
        }
    }

    /// One probe and what is remembered of it.
    struct Probe: Equatable, Sendable {
        let name: String
        var deviation: Deviation?
        /// Whether it was where it should be when it was last read, and since which look it is; nil before it was read.
        var isInside: Bool?
        var insideSince: Timestamp?
        var readAt: Timestamp?
        /// Whether it was read at all while faults may have been on.
        var wasRead = false
        /// Whether it could not be read for so long that nobody can say what it did meanwhile.
        var wasLost = false
    }

    /// A probe that cannot be read for so long is not known any more.
    package static let unreadableLimit: Duration = .seconds(15)

    let recoveryTime: Duration
    /// When the first fault may have begun.
    let beganAt: Timestamp
    /// When the last fault ended; nil while faults may be on.
    var endedAt: Timestamp?
    /// In the hypothesis's order.
    var probes: [Probe]

    package init(probes: [String], recoveryTime: Duration, beganAt: Timestamp) {
        self.recoveryTime = recoveryTime
        self.beganAt = beganAt
        self.probes = probes.map { Probe(name: $0) }
    }

    /// The run is over, and its last fault ended then; what was said first stands.
    package mutating func faultsEnded(at moment: Timestamp) { endedAt = endedAt ?? max(moment, beganAt) }

    /// Takes in a look that began at that moment, by the probes' names, and tells which probes deviated for the first time.
    ///
    /// A probe that it says nothing of could not be read; a clock that ran back counts as one that stood still.
    package mutating func take(_ looks: [String: Look], at moment: Timestamp) -> [Deviation] {
        probes.indices.compactMap { place in
            let look = looks[probes[place].name] ?? Look(.unread)
            return take(look, of: place, at: max(moment, probes[place].readAt ?? beganAt))
        }
    }

    private mutating func take(_ look: Look, of place: Int, at moment: Timestamp) -> Deviation? {
        let isInside: Bool
        switch look.finding {
        case .unread:
            if moment - (probes[place].readAt ?? beganAt) >= Self.unreadableLimit {
                probes[place].wasLost = true
            }
            return nil
        case .inside: isInside = true
        case .wavering, .outside: isInside = false
        }
        probes[place].insideSince = isInside ? probes[place].insideSince ?? moment : nil
        probes[place].isInside = isInside
        probes[place].readAt = moment
        if endedAt.map({ moment < $0 }) ?? true { probes[place].wasRead = true }
        guard look.finding == .outside, probes[place].deviation == nil else { return nil }
        let deviation = Deviation(probe: probes[place].name, at: moment, text: look.text)
        probes[place].deviation = deviation
        return deviation
    }
}

extension HypothesisTrack {
    /// What it came to, once every probe is where it should be again or has had its time for that; nil before.
    package func judgement(at now: Timestamp) -> HypothesisJudgement? {
        guard let endedAt else { return nil }
        let recovery = recovery(from: endedAt)
        guard recovery != nil || now >= endedAt + recoveryTime else { return nil }
        let inTime = recovery.flatMap { $0 <= recoveryTime ? $0 : nil }
        let astray = probes.filter { $0.deviation != nil || $0.isInside == false }.map(\.name)
        if !astray.isEmpty || (recovery != nil && inTime == nil) {
            return HypothesisJudgement(
                .deviated,
                recovery: inTime,
                reason: Self.deviated(astray, recovery: inTime, within: recoveryTime)
            )
        }
        if let unknown = unknown(after: endedAt) {
            return HypothesisJudgement(.notEvaluated, reason: unknown)
        }
        return HypothesisJudgement(
            .held,
            recovery: inTime,
            reason: "Every probe was inside its tolerance from the first fault on."
        )
    }

    /// Nil while a probe was not read since then, or is not where it should be.
    private func recovery(from end: Timestamp) -> Duration? {
        var last = end
        for probe in probes {
            guard let readAt = probe.readAt, readAt >= end, let since = probe.insideSince else { return nil }
            last = max(last, since)
        }
        return last - end
    }

    /// Why nobody can say whether it held; nil where somebody can.
    private func unknown(after end: Timestamp) -> String? {
        if let lost = probes.first(where: \.wasLost) {
            let seconds = Self.unreadableLimit.components.seconds
            return "Probe \(lost.name.quoted) could not be read for \(seconds) s."
        }
        if let unseen = probes.first(where: { !$0.wasRead }) {
            return "Probe \(unseen.name.quoted) was never read while faults were on."
        }
        if let silent = probes.first(where: { $0.readAt.map { $0 < end } ?? true }) {
            return "Probe \(silent.name.quoted) was not read again after the faults had ended."
        }
        return nil
    }

    private static func deviated(_ names: [String], recovery: Duration?, within time: Duration) -> String {
        let who = names.isEmpty ? "" : "Outside tolerance: \(names.map(\.quoted).joined(separator: ", ")). "
        guard let recovery else {
            return Reasons.shortened(
                "\(who)Not every probe was inside its tolerance again within \(time.components.seconds) s after the faults."
            )
        }
        let tenths = (recovery.nanoseconds + 50_000_000) / 100_000_000
        return Reasons.shortened(
            "\(who)Every probe was inside its tolerance again \(tenths / 10).\(tenths % 10) s after the faults."
        )
    }
}

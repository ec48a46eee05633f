import Base

/// Which reports of one instance were taken: the highest number, and of the 63 below it each by itself.
///
/// A report counts once, in whatever order reports come and however often.
struct ReportWindow: Equatable, Sendable {
    enum Verdict: Equatable, Sendable {
        case taken
        case repeated
        /// Too far behind for anybody to know whether it was taken.
        case tooOld
    }

    private static let width: Int64 = 64

    /// When the instance began to count, in its own words; 0 where it does not say.
    private var since: Int64
    private var highest: Int64 = 0
    /// Bit i is for the number that is i below the highest.
    private var taken: UInt64 = 0
    private(set) var seenAt: Instant
    /// The last batch of samples that the instance was counted in.
    private(set) var countedIn: Int64?

    init(since: Timestamp?, at now: Instant) {
        self.since = since?.nanoseconds ?? 0
        seenAt = now
    }

    /// A report is here; it counts where it is taken.
    ///
    /// What is too old is no sign of life: who says nothing else is forgotten in time, and taken for new.
    mutating func take(_ number: Int64, since: Timestamp?, at now: Instant, _ time: Timestamp) -> Verdict {
        let verdict = verdict(on: number, since?.nanoseconds ?? self.since, time)
        if verdict != .tooOld { seenAt = max(seenAt, now) }
        return verdict
    }

    private mutating func verdict(on number: Int64, _ since: Int64, _ time: Timestamp) -> Verdict {
        // An instance that began anew counts from 1 again; what comes late of its former life is past telling. Nobody began in the
        // future: a life that says so had a wrong clock, and gives way to any other.
        if since > self.since || (since < self.since && self.since > time.nanoseconds) {
            (self.since, highest, taken) = (since, 0, 0)
        }
        if since < self.since || number < 1 { return .tooOld }
        if number > highest {
            let ahead = number - highest
            taken = ahead < Self.width ? taken << UInt64(ahead) | 1 : 1
            highest = number
            return .taken
        }
        let behind = highest - number
        if behind >= Self.width { return .tooOld }
        let bit = UInt64(1) << UInt64(behind)
        if taken & bit != 0 { return .repeated }
        taken |= bit
        return .taken
    }

    /// Whether the instance is the first time in this batch of samples.
    mutating func isFirst(in batch: Int64) -> Bool {
        defer { countedIn = batch }
        return countedIn != batch
    }
}

package import Base

/// The database's time, carried forward on this machine's own clock: what runs and faults are timed by.
///
/// All nodes have nearly the same, whatever their own calendars say, and within a process it never runs back.
package final class DeploymentTime: Sendable {
    private struct Mark {
        var databaseTime: Timestamp
        var at: Instant
        /// The latest that anybody was told.
        var told: Timestamp
    }

    /// How far a clock may be behind its own last record before it counts as set back: nodes of one database differ by less.
    private static let runBackTolerance: Duration = .seconds(1)

    private let mark = Locked<Mark?>(nil)
    private let ranBack = Locked(false)
    private let clock: Clock

    package init(clock: Clock) { self.clock = clock }

    /// The database said what time it is, some time between `asked` and `answered`, and how far that is behind its own newest record.
    ///
    /// Of two readings that agree the first stays: an answer that took long says little, and must not move what is known better.
    package func heard(
        _ databaseTime: Timestamp,
        asked: Instant,
        answered: Instant,
        behind: Duration = .zero
    ) {
        if behind > Self.runBackTolerance { ranBack.withLock { $0 = true } }
        let (earliest, latest) = (databaseTime, databaseTime + max(answered - asked, .zero))
        mark.withLock { mark in
            // What nobody has told yet is taken for the latest that it can be: faults end early rather than late.
            let known = mark.map { $0.databaseTime + (answered - $0.at) } ?? latest
            let time = min(max(known, earliest), latest)
            mark = Mark(databaseTime: time, at: answered, told: mark?.told ?? databaseTime)
        }
    }

    /// True once after the database's clock ran back.
    package func takeRunBack() -> Bool {
        ranBack.withLock { ranBack in
            defer { ranBack = false }
            return ranBack
        }
    }

    /// Before the database was ever heard of, this machine's own calendar.
    package var now: Timestamp {
        let instant = clock.now()
        return mark.withLock { mark in
            guard var known = mark else { return clock.wall() }
            // Never the same twice, to the precision that is stored: what came later is later.
            known.told = max(known.told + .microseconds(1), known.databaseTime + (instant - known.at))
            mark = known
            return known.told
        }
    }
}

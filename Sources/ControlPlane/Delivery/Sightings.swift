import Base
import Store

/// Which targets were polled for and are not yet noted in the database: whatever is polled for exists.
final class Sightings: Sendable {
    private struct Seen {
        var pending: Set<TargetKey> = []
        /// In which minute each was noted last; forgotten when there are too many, and then they are noted again.
        var noted: [TargetKey: Int64] = [:]
    }

    private static let limit = 100_000

    private let seen = Locked(Seen())

    /// The same for a target whose room is at hand and remembers when it was noted last.
    func note(_ room: TargetRoom, at now: Timestamp) {
        if room.isFirstSighting(in: now.nanoseconds / 60_000_000_000) { note(room.key, at: now) }
    }

    /// Notes a target at most once a minute.
    func note(_ target: TargetKey, at now: Timestamp) {
        let minute = now.nanoseconds / 60_000_000_000
        seen.withLock { seen in
            if seen.noted[target] == minute { return }
            if seen.noted.count >= Self.limit { seen.noted.removeAll(keepingCapacity: true) }
            seen.noted[target] = minute
            if seen.pending.count < Self.limit { seen.pending.insert(target) }
        }
    }

    /// Writes what is pending; what could not be written stays so.
    func flush(in transaction: borrowing Transaction, at now: Timestamp) throws(StoreError) {
        let pending = seen.withLock { seen in
            defer { seen.pending = [] }
            return seen.pending
        }
        if pending.isEmpty { return }
        do throws(StoreError) {
            try transaction.targetsSeen(pending, at: now)
        } catch {
            seen.withLock { $0.pending.formUnion(pending) }
            throw error
        }
    }
}

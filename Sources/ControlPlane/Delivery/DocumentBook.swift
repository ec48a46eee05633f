import Base
import Experiments
import Store

extension TargetKey {
    /// Whom to wake when its document changes.
    ///
    /// Two targets with one key would only be woken for nothing.
    var wakeKey: UInt64 { UInt64(bitPattern: Int64(hashValue)) }
}

/// All documents and the lever, in memory: polls are answered from here, whatever the database does.
final class DocumentBook: Sendable {
    /// What there is for one target.
    struct Entry: Equatable, Sendable {
        var change: Int64 = 0
        var epoch: Int64 = 0
        /// Pairs of a qualifier, or null, and a fault.
        var faults: [JSON] = []
    }

    /// What a poll is answered from.
    struct View: Sendable {
        let lever: LeverState
        let entry: Entry
        let standing: NodeTrust.Standing
    }

    private struct Pages {
        var lever: LeverState?
        var entries: [TargetKey: Entry] = [:]
        var trust: NodeTrust

        /// Whom to wake for it; nil where something as new is here already.
        mutating func take(_ entry: Entry, for key: TargetKey) -> UInt64? {
            if entry.change <= entries[key]?.change ?? 0 { return nil }
            entries[key] = entry
            return key.wakeKey
        }

        /// Whether the lever has moved; an older epoch was overtaken.
        mutating func take(_ read: LeverState) -> Bool {
            if lever == read || (lever?.epoch ?? 0) > read.epoch { return false }
            lever = read
            return true
        }
    }

    private let pages: Locked<Pages>

    init(lease: Duration) { pages = Locked(Pages(trust: NodeTrust(lease: lease))) }

    var lease: Duration { pages.withLock { $0.trust.lease } }

    func view(of key: TargetKey, at now: Instant) -> View {
        pages.withLock { pages in
            View(
                lever: pages.lever ?? LeverState(status: "disengaged", epoch: 0),
                entry: pages.entries[key] ?? Entry(),
                standing: pages.trust.standing(at: now)
            )
        }
    }

    /// A heartbeat that began then is committed.
    func beaten(at moment: Instant) {
        pages.withLock { $0.trust.beatAt = max($0.trust.beatAt ?? moment, moment) }
    }

    /// The database said less than it had said before: what is here may have been undone, and no stop of it would be seen.
    func distrust(_ reason: String) { pages.withLock { $0.trust.lost = reason } }

    /// The epoch of the lever as it was read last.
    var epoch: Int64 { pages.withLock { $0.lever?.epoch ?? 0 } }

    /// Whom a reading concerns.
    enum News: Equatable, Sendable {
        case some(Set<UInt64>)
        /// The lever has moved, and with it every document.
        case everybody
    }

    /// Takes in what was read from a moment on; says who must be told.
    ///
    /// Nothing goes back: what is lower than what is here was overtaken by another reading.
    func read(_ changes: DocumentChanges, begunAt moment: Instant) -> News {
        pages.withLock { pages in
            let keys = changes.documents.compactMap { document in
                let key = TargetKey(account: document.account, target: document.target)
                let faults = document.faults.elements ?? []
                return pages.take(
                    Entry(change: document.change, epoch: document.epoch, faults: faults),
                    for: key
                )
            }
            let hasMoved = pages.take(changes.lever)
            pages.trust.readAt = max(pages.trust.readAt ?? moment, moment)
            return hasMoved ? .everybody : .some(Set(keys))
        }
    }

    /// Takes in what was read for one target alone, which says nothing of the others.
    func read(_ document: PublishedDocument, of key: TargetKey) -> News {
        pages.withLock { pages in
            let faults = document.faults.elements ?? []
            let changed = pages.take(
                Entry(change: document.change, epoch: document.epoch, faults: faults),
                for: key
            )
            return pages.take(document.lever) ? .everybody : .some(Set([changed].compactMap(\.self)))
        }
    }
}

import Base
import SafetyLever
import Store

/// All documents, the lever, and who polls, in memory: polls are answered from here, whatever the database does.
final class DocumentBook: Sendable {
    private struct Pages {
        var lever: LeverMemory
        var trust: NodeTrust
    }

    private static let shardCount = 64

    private let pages: Locked<Pages>
    private let shards: [Locked<[TargetKey: TargetRoom]>]
    private let following = Locked<[TargetKey: TargetRoom]>([:])
    private let guards = Locked(GuardBook())
    /// Targets with guarded faults.
    private let guarded = Locked<[TargetKey: TargetRoom]>([:])
    let lease: Duration
    let census: InstanceCensus
    /// How many targets may be remembered that nobody published to.
    private let targetCensus: InstanceCensus

    init(
        lease: Duration,
        lever: LeverMemory = LeverMemory(),
        census: InstanceCensus = InstanceCensus(),
        targets: InstanceCensus = InstanceCensus()
    ) {
        pages = Locked(Pages(lever: lever, trust: NodeTrust(lease: lease)))
        shards = (0..<Self.shardCount).map { _ in Locked([:]) }
        self.lease = lease
        self.census = census
        targetCensus = targets
    }

    /// The lever as this node knows it.
    var lever: LeverMemory { pages.withLock { $0.lever } }

    /// Changes what this node knows of the lever.
    func withLever<Result>(_ body: (inout LeverMemory) -> Result) -> Result {
        pages.withLock { body(&$0.lever) }
    }

    /// The target's room; it is made for what is published.
    func room(_ key: TargetKey) -> TargetRoom {
        shard(of: key).withLock { rooms in
            if let room = rooms[key] { return room }
            let room = TargetRoom(key)
            rooms[key] = room
            return room
        }
    }

    /// The target's room for whoever polls for it.
    ///
    /// Rooms are kept for good, since a poll that waits must find the one that is published to; and targets' names are the clients' own.
    /// So there are only so many that nobody published to.
    func roomPolled(_ key: TargetKey) throws(APIError) -> TargetRoom {
        if let room = roomIfAny(key) { return room }
        guard targetCensus.admit(key.account) else {
            throw APIError(
                .throttling,
                "This account's instances poll for more targets than this node remembers; poll for fewer.",
                retryAfter: 60
            )
        }
        return room(key)
    }

    /// The target's room, if there is one.
    func roomIfAny(_ key: TargetKey) -> TargetRoom? { shard(of: key).withLock { $0[key] } }

    private func shard(of key: TargetKey) -> Locked<[TargetKey: TargetRoom]> {
        shards[Int(truncatingIfNeeded: key.hashValue & Int.max) % Self.shardCount]
    }

    var rooms: [TargetRoom] { shards.flatMap { shard in shard.withLock { Array($0.values) } } }

    /// A heartbeat that began then is committed.
    func beaten(at moment: Instant) {
        pages.withLock { $0.trust.beatAt = max($0.trust.beatAt ?? moment, moment) }
    }

    /// What every answer of that moment goes by.
    func standing(at now: Instant) -> Standing {
        pages.withLock { pages in
            Standing(
                epoch: pages.lever.epoch,
                isEngaged: pages.lever.isEngaged,
                trust: pages.trust.standing(at: now),
                lease: lease
            )
        }
    }

    /// The lever, and how sure this node is of what it has.
    struct Standing: Equatable, Sendable {
        let epoch: Int64
        let isEngaged: Bool
        let trust: NodeTrust.Standing
        let lease: Duration
    }

    /// Whom a reading concerns.
    enum News: Equatable, Sendable {
        case some(Set<UInt64>)
        /// The lever has moved, and with it every document.
        case everybody
    }

    /// Takes in what was read from a moment on; says who must be told, and whether the latches changed.
    ///
    /// Nothing goes back: what is lower than what is here was overtaken by another reading.
    func read(_ changes: DocumentChanges, begunAt moment: Instant) -> (news: News, latches: Bool) {
        look(at: changes.guards, begunAt: moment)
        let woken = changes.documents.compactMap { document in
            let key = TargetKey(account: document.account, target: document.target)
            return take(TargetRoom.Entry(document), for: key, at: moment)
        }
        let change = pages.withLock { pages in
            pages.trust.readAt = max(pages.trust.readAt ?? moment, moment)
            return pages.lever.read(LeverRecord(changes.lever), engagements: changes.engagements)
        }
        return (change.everyDocument ? .everybody : .some(Set(woken)), change.latches)
    }

    /// Takes in what was read for one target alone, which says nothing of the others.
    func read(
        _ document: PublishedDocument,
        of key: TargetKey,
        at moment: Instant
    ) -> (news: News, latches: Bool) {
        look(at: document.guards, begunAt: moment)
        let woken = take(TargetRoom.Entry(document), for: key, at: moment)
        let change = pages.withLock {
            $0.lever.read(LeverRecord(document.lever), engagements: document.engagements)
        }
        return (change.everyDocument ? .everybody : .some(Set([woken].compactMap(\.self))), change.latches)
    }

    /// How often each target's document had changed when it was read.
    var changeNumbers: [TargetKey: Int64] {
        var numbers: [TargetKey: Int64] = [:]
        for room in rooms {
            let change = room.entry.change
            if change > 0 { numbers[room.key] = change }
        }
        return numbers
    }

    /// Forgets every document, as none was true: first the lever must have been engaged, in an epoch of its own.
    func forgetDocuments() {
        for room in rooms {
            room.withState { state in
                state.follow(TargetRoom.Entry(change: .max))
                state.entry = TargetRoom.Entry()
                state.hold = nil
            }
        }
    }

    /// Whom to wake for it; nil where something as new is here already.
    private func take(_ entry: TargetRoom.Entry, for key: TargetKey, at moment: Instant) -> UInt64? {
        let room = room(key)
        let (isNew, hasTracks) = room.withState { state in
            if entry.change <= state.entry.change { return (false, false) }
            state.entry = entry
            state.hold = guards.withLock { $0.hold(of: entry.guarded) }
            state.follow(entry)
            state.hearAgain(at: moment)
            return (true, !state.tracks.isEmpty)
        }
        // Only now: whoever finds nothing guarded in it takes it off the list.
        if isNew, !entry.guarded.isEmpty { guarded.withLock { $0[key] = room } }
        if hasTracks { following.withLock { $0[key] = room } }
        return isNew ? room.wakeKey : nil
    }

    /// Takes in until when guards hold, for all targets that have guarded faults.
    private func look(at terms: GuardTerms, begunAt moment: Instant) {
        guards.withLock { $0.read(terms, begunAt: moment, lease: lease) }
        for (key, room) in guarded.withLock({ $0 }) {
            room.withState { state in state.hold = guards.withLock { $0.hold(of: state.entry.guarded) } }
            guarded.withLock { guarded in
                if room.withState({ $0.entry.guarded.isEmpty }) { guarded[key] = nil }
            }
        }
    }

    /// The targets with faults of which it is told how far they have come.
    var followed: [TargetRoom] { following.withLock { Array($0.values) } }

    /// Nothing of it is followed any more, unless something has begun meanwhile.
    func unfollow(_ room: TargetRoom) {
        following.withLock { following in
            if room.withState({ $0.tracks.isEmpty }) { following[room.key] = nil }
        }
    }
}

extension TargetRoom.Entry {
    init(_ document: ChangedDocument) {
        let faults = document.faults.elements ?? []
        self.init(
            change: document.change,
            epoch: document.epoch,
            faults: faults,
            guarded: Self.guarded(faults)
        )
    }

    init(_ document: PublishedDocument) {
        let faults = document.faults.elements ?? []
        self.init(
            change: document.change,
            epoch: document.epoch,
            faults: faults,
            guarded: Self.guarded(faults)
        )
    }
}

extension LeverRecord {
    /// A status that this version does not know holds everything back.
    init(_ lever: Lever) {
        self.init(
            status: Status(rawValue: lever.state.status) ?? .engaging,
            epoch: lever.state.epoch,
            engagementID: lever.engagementID,
            reason: lever.reason,
            since: lever.changedAt?.nanoseconds
        )
    }
}

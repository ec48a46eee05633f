/// What one node knows of the safety lever: what the database recorded, and what was engaged where it may not know of it yet.
///
/// Engaging needs nothing but this. A latch is let go only when the database says that this very engagement is over: a database that
/// merely says `disengaged` may not have heard of it. The epoch never falls, and an engagement always stands in one of its own: it may be
/// made up here, and then rises as soon as the database turns out to have used it for something else.
package struct LeverMemory: Equatable, Sendable {
    /// As it was read last; nil before the first time.
    package private(set) var record: LeverRecord?
    /// Oldest first.
    package private(set) var latches: [Latch]
    /// Only rises.
    package private(set) var epoch: Int64
    /// Engagements that are over, so that a late message engages none of them again; the newest last.
    private var ended: [String] = []

    private static let endedLimit = 1_000

    /// `epoch` is the highest that this node ever knew of.
    package init(latches: [Latch] = [], epoch: Int64 = 0) {
        self.latches = latches
        self.epoch = latches.reduce(epoch) { max($0, $1.epoch) }
    }

    /// Whether nothing may be injected.
    package var isEngaged: Bool { !latches.isEmpty || (record.map { $0.status != .disengaged } ?? false) }

    /// What the database does not know yet.
    package var unrecorded: [Latch] { latches.filter { !$0.isRecorded } }

    /// What changed for whoever goes by this.
    package struct Change: Equatable, Sendable {
        /// Every document has another version now, or other contents.
        package var everyDocument = false
        /// The disk must learn of it.
        package var latches = false

        package init(everyDocument: Bool = false, latches: Bool = false) {
            self.everyDocument = everyDocument
            self.latches = latches
        }
    }

    /// The engagement in force: the database's, or the oldest that is latched here.
    package var standing: Latch? {
        if let id = record?.engagementID, let latch = latches.first(where: { $0.id == id }) { return latch }
        return latches.first
    }

    /// Whether it stands disengaged in an epoch that the database does not know: a halt was heard of late, when it was over already.
    ///
    /// Nobody's runs are of that epoch, so the database must be brought up to it.
    package var isAhead: Bool {
        guard let record, record.status == .disengaged else { return false }
        return latches.isEmpty && epoch > record.epoch
    }

    /// Somebody engages the lever; engaged already, it keeps its engagement.
    ///
    /// What is recorded may be over by now without anybody here knowing. So whoever asks always leaves something that the database has
    /// not heard of, and gets that back; `fresh` is what to make, and its epoch does not count.
    package mutating func engage(_ fresh: Latch) -> Latch {
        if let latch = latches.first(where: { !$0.isRecorded }) { return latch }
        var latch = fresh
        if !isEngaged { epoch += 1 }
        latch.epoch = epoch
        latch.isRecorded = false
        latches.append(latch)
        return latch
    }

    /// Another node has engaged it; whether the database knows of that is not for it to say.
    package mutating func told(_ other: Latch) -> Change {
        if ended.contains(other.id) { return Change() }
        let before = self
        if let place = latches.firstIndex(where: { $0.id == other.id }) {
            epoch = max(epoch, other.epoch)
            latches[place].epoch = max(latches[place].epoch, other.epoch)
        } else {
            // Runs of this epoch may be under way here, which that node has not heard of.
            epoch = max(isEngaged ? epoch : epoch + 1, other.epoch)
            var latch = other
            latch.epoch = epoch
            latch.isRecorded = false
            latches.append(latch)
        }
        return change(since: before)
    }

    /// The database has recorded an engagement, in an epoch that may be higher than was thought, and under one that stood already.
    package mutating func recorded(
        _ id: String,
        epoch recorded: Int64,
        under standing: String? = nil
    ) -> Change {
        let before = self
        epoch = max(epoch, recorded)
        for place in latches.indices where latches[place].id == id {
            latches[place].isRecorded = true
            latches[place].epoch = max(latches[place].epoch, recorded)
        }
        dropUnder(standing)
        return change(since: before)
    }

    /// The database says that an engagement is over.
    package mutating func over(_ id: String) -> Change {
        let before = self
        end(id)
        return change(since: before)
    }

    /// The lever was read, and with it which of the latches are known there: true for those that are over.
    ///
    /// A reading that another one has overtaken changes nothing of the lever.
    package mutating func read(_ read: LeverRecord, engagements: [String: Bool]) -> Change {
        let before = self
        for (id, isOver) in engagements where isOver { end(id) }
        for place in latches.indices where engagements[latches[place].id] != nil {
            latches[place].isRecorded = true
        }
        if record.map({ read.isLater(than: $0) || read == $0 }) ?? true {
            record = read
            epoch = max(epoch, read.epoch)
            if read.status != .disengaged, let id = read.engagementID {
                latch(id, of: read)
                dropUnder(id)
            }
        }
        raise()
        return change(since: before)
    }

    /// The database was put back to an earlier state: what it says from now on is lower than what was read before.
    ///
    /// Engages, in an epoch above all that either has known; without that, what it has forgotten could not be told from what is to come.
    package mutating func databaseWentBack(to read: LeverRecord, _ fresh: Latch) -> Change {
        let before = self
        epoch = max(epoch, read.epoch) + 1
        record = nil
        ended = []
        for place in latches.indices { latches[place].isRecorded = false }
        if let place = latches.firstIndex(where: { $0.by == fresh.by }) {
            // It was noticed before, by another sign.
            latches[place].epoch = epoch
        } else {
            var latch = fresh
            latch.epoch = epoch
            latches.append(latch)
        }
        return change(since: before)
    }

    private mutating func end(_ id: String) {
        latches.removeAll { $0.id == id }
        if ended.contains(id) { return }
        ended.append(id)
        if ended.count > Self.endedLimit { ended.removeFirst() }
    }

    private mutating func latch(_ id: String, of read: LeverRecord) {
        if ended.contains(id) { return }
        if let place = latches.firstIndex(where: { $0.id == id }) {
            latches[place].isRecorded = true
            latches[place].epoch = max(latches[place].epoch, read.epoch)
        } else {
            latches.append(
                Latch(
                    id: id,
                    epoch: read.epoch,
                    reason: read.reason,
                    by: "",
                    engagedAt: read.since ?? 0,
                    isRecorded: true
                )
            )
        }
    }

    /// Engagements that are recorded together end together: one of them holds as fast as all.
    private mutating func dropUnder(_ standing: String?) {
        guard latches.contains(where: { $0.id == standing && $0.isRecorded }) else { return }
        latches.removeAll { $0.id != standing && $0.isRecorded }
    }

    /// What is latched and not recorded stands in an epoch that the database has not used: runs that began there must not share it.
    private mutating func raise() {
        guard let record, record.status == .disengaged, record.epoch >= epoch,
            latches.contains(where: { !$0.isRecorded })
        else { return }
        epoch = record.epoch + 1
    }

    private func change(since before: LeverMemory) -> Change {
        Change(
            everyDocument: before.epoch != epoch || before.isEngaged != isEngaged,
            latches: before.latches != latches
        )
    }
}

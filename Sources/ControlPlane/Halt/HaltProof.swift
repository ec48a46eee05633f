import Base
import Experiments
import SafetyLever
import Store

/// What is known of a halt: who has confirmed it, who is silent, and when the silent are off.
struct HaltProof: Sendable {
    /// A node that has not confirmed.
    struct Nodes: Equatable, Sendable {
        var known = 1
        var confirmed = 0
        var silent: [String] = []
    }

    /// Nil while the lever is disengaged.
    let standing: Latch?
    let status: LeverRecord.Status
    let epoch: Int64
    let reason: String
    let isOnDisk: Bool
    let isRecorded: Bool
    let nodes: Nodes
    let instances: InstanceCount
    let stopped: [Halt.StoppedRun]
    /// When the last injector that keeps its lease is off, at the latest; nil where nobody can know.
    let offBy: Timestamp?

    /// Whether nobody who keeps a lease can inject anything any more.
    ///
    /// As long as nobody can say when that will be, nodes may serve that nobody has heard of.
    var isOver: Bool { offBy != nil && nodes.confirmed == nodes.known && instances.isOver }
}

extension Halt {
    /// How things stand now, all nodes asked that can be; one look for all who ask at the same time.
    ///
    /// Worked out beside the event loops: there may be many instances, and peers that hang.
    func proof() async -> HaltProof {
        let task: Task<HaltProof, Never> = looking.withLock { looking in
            if let looking { return looking }
            let started = Task.detached { [self] in
                let proof = await look()
                self.looking.withLock { $0 = nil }
                return proof
            }
            looking = started
            return started
        }
        return await task.value
    }

    private func look() async -> HaltProof {
        let (lever, course, now) = (book.lever, current, clock.now())
        guard let standing = lever.standing, let course else { return disengaged(lever) }
        // Only what the database has recorded counts, once it has.
        let epoch = course.recorded?.epoch ?? lever.epoch
        let nodes = nodes(confirming: standing, recordedIn: course.recorded?.epoch)
        let own = ownInstances(confirming: epoch, since: course.begunAt, at: now)
        let instances = await withPeers(own, epoch)
        // A node that nobody has heard of yet could start, and learns of the halt from the database alone.
        let over = isAlone && nodes.silent.isEmpty ? course.begun : course.recorded?.at
        return HaltProof(
            standing: standing,
            status: status(lever),
            epoch: epoch,
            reason: standing.reason,
            isOnDisk: disk.holds(standing.id),
            isRecorded: course.recorded != nil,
            nodes: nodes,
            instances: instances,
            stopped: course.stopped,
            offBy: over.map { $0 + book.lease }
        )
    }

    private func disengaged(_ lever: LeverMemory) -> HaltProof {
        HaltProof(
            standing: nil,
            status: status(lever),
            epoch: lever.epoch,
            reason: lever.record?.reason ?? "",
            isOnDisk: false,
            isRecorded: lever.record != nil,
            nodes: HaltProof.Nodes(known: peers.all.count + 1),
            instances: InstanceCount(),
            stopped: [],
            offBy: nil
        )
    }

    /// Engaging until the database has recorded that everything stopped.
    func status(_ lever: LeverMemory) -> LeverRecord.Status {
        if !lever.isEngaged { return .disengaged }
        return lever.record?.status == .engaged && lever.unrecorded.isEmpty ? .engaged : .engaging
    }

    private func nodes(confirming standing: Latch, recordedIn epoch: Int64?) -> HaltProof.Nodes {
        let others = peers.all
        var nodes = HaltProof.Nodes(known: others.count + 1)
        if disk.holds(standing.id) {
            nodes.confirmed += 1
        } else {
            nodes.silent.append("this one")
        }
        if !isAlone, !peers.areKnown {
            nodes.known += 1
            nodes.silent.append("any other, as this one has not read who is running since it started")
        }
        for peer in others {
            // What the database has recorded has one epoch for all; until then the very engagement must be confirmed.
            let isLatched = epoch.map { peer.latchedEpoch >= $0 } ?? false
            if isLatched || peer.confirmed.contains(standing.id) {
                nodes.confirmed += 1
            } else {
                nodes.silent.append(peer.id)
            }
        }
        return nodes
    }

    /// Those that this node knows of.
    ///
    /// A lease after a restart it cannot know all: those that its former life told of a fault may hold it still.
    private func ownInstances(confirming epoch: Int64, since begun: Instant, at now: Instant) -> InstanceCount
    {
        var count = book.instances(confirming: epoch, since: begun, at: now)
        if hasLivedBefore, now < bornAt + book.lease { count.nodesNotAsked += 1 }
        // Whom its former life, or a node that is gone, told a fault by a parameter nobody knows any more.
        let since = [hasLivedBefore ? bornAt : nil, peers.lostAt].compactMap(\.self).max()
        if let since, now < since + Dialect.longestUse { count.readersKnownFor = now - since }
        return count
    }

    /// How many silent instances are spoken of between nodes by name.
    private static let namesLimit = 1_000

    /// Adds what the other nodes know.
    ///
    /// Instances go from node to node: whoever is silent to one may have confirmed to another.
    private func withPeers(_ own: InstanceCount, _ epoch: Int64) async -> InstanceCount {
        let others = peers.all
        if others.isEmpty { return own }
        var all = own
        var heard = await ask(others, epoch, about: own.silent, into: &all)
        let strange = all.silent.filter { !heard.contains($0.name) }
        for silent in strange where book.hasConfirmed(silent.name, epoch: epoch) { heard.insert(silent.name) }
        if all.silent.count > own.silent.count, others.count > 1 {
            var ignored = InstanceCount()
            heard.formUnion(await ask(others, epoch, about: strange, into: &ignored))
        }
        all.confirmed += all.silent.count { heard.contains($0.name) }
        all.silent.removeAll { heard.contains($0.name) }
        let readers = all.withoutLease.merged
        all.withoutLeaseCount -= all.withoutLease.count - readers.count
        all.withoutLease = readers
        return all
    }

    /// Asks nodes for their counts, and who of these has confirmed to them.
    private func ask(
        _ others: [Peers.Peer],
        _ epoch: Int64,
        about silent: [InstanceCount.Silent],
        into all: inout InstanceCount
    ) async -> Set<InstanceName> {
        let names = silent.prefix(Self.namesLimit).map(\.name)
        let message = PeerMessage.instances(epoch: epoch, silent: names)
        let peers = peers
        let answers = await withTaskGroup(of: JSON?.self) { group in
            for peer in others { group.addTask { await peers.ask(peer, message, within: Self.peerPatience) } }
            return await group.reduce(into: [JSON]()) { answers, answer in
                if let answer { answers.append(answer) }
            }
        }
        all.nodesNotAsked += others.count - answers.count
        var heard: Set<InstanceName> = []
        for answer in answers {
            all.add(InstanceCount(answer))
            heard.formUnion(answer["heard"]?.elements?.compactMap { InstanceName($0) } ?? [])
        }
        return heard
    }

    /// How long a look waits for what a peer has to say.
    private static let peerPatience: Duration = .milliseconds(500)

    /// What this node answers a peer that asks for its instances.
    ///
    /// While it is not engaged itself, that epoch may be one in which its own instances hold faults: then nobody has confirmed.
    func instances(_ epoch: Int64, _ silent: [InstanceName]) -> JSON {
        let (lever, now) = (book.lever, clock.now())
        let confirming = lever.isEngaged ? max(epoch, lever.epoch) : .max
        let count = ownInstances(confirming: confirming, since: current?.begunAt ?? now, at: now)
        return count.json(
            heard: silent.filter { book.hasConfirmed($0, epoch: confirming) },
            limit: Self.namesLimit
        )
    }
}

extension InstanceCount {
    mutating func add(_ other: InstanceCount) {
        known += other.known
        confirmed += other.confirmed
        off += other.off
        untracked += other.untracked
        nodesNotAsked += other.nodesNotAsked
        silent += other.silent
        withoutLease += other.withoutLease
        withoutLeaseCount += other.withoutLeaseCount
        readersKnownFor = [readersKnownFor, other.readersKnownFor].compactMap(\.self).min()
    }

    /// As it goes to a peer; silent ones that are not named count as untracked, so that nobody takes them for confirmed.
    func json(heard: [InstanceName], limit: Int) -> JSON {
        let named = silent.prefix(limit)
        return [
            "known": .integer(Int64(known)), "confirmed": .integer(Int64(confirmed)),
            "off": .integer(Int64(off)),
            "untracked": .integer(Int64(untracked + silent.count - named.count)),
            "silent": .array(named.map { [$0.name.json, .integer($0.left.nanoseconds)] }),
            "heard": .array(heard.map(\.json)), "nodesNotAsked": .integer(Int64(nodesNotAsked)),
            "withoutLease": .array(withoutLease.prefix(limit).map(\.json)),
            "withoutLeaseCount": .integer(Int64(withoutLeaseCount)),
            "readersKnownFor": readersKnownFor.map { .integer($0.nanoseconds) } ?? .null,
        ]
    }

    init(_ json: JSON) {
        func number(_ name: String) -> Int { Int(json[name]?.whole ?? 0) }
        known = number("known")
        confirmed = number("confirmed")
        off = number("off")
        untracked = number("untracked")
        nodesNotAsked = number("nodesNotAsked")
        withoutLease = (json["withoutLease"]?.elements ?? []).compactMap { ReaderCount($0) }
        withoutLeaseCount = number("withoutLeaseCount")
        readersKnownFor = json["readersKnownFor"]?.whole.map { .nanoseconds($0) }
        silent = (json["silent"]?.elements ?? []).compactMap { pair in
            guard let name = pair[0].flatMap({ InstanceName($0) }), let left = pair[1]?.whole else {
                return nil
            }
            return Silent(name: name, left: .nanoseconds(left))
        }
    }
}

import Base

/// Which questions of a fleet are under way and which wait: a few at a time for each host, so that one that hangs holds up only its own.
///
/// Where a host has more to do than there is time for, those that went without their turn most often in a row come first the next time.
struct FleetQueue {
    /// How many may be under way.
    let perHost: Int
    let total: Int
    /// Hosts that have a number of their own.
    private let connections: [String: Int]

    private struct Waiting {
        let id: UInt64
        let turn: String
        /// How often in a row it was not asked.
        let missed: Int
    }

    private struct Miss {
        var times = 0
        var at: Instant
    }

    private struct Host {
        var flying = 0
        /// Whether its name leads somewhere; until then one question at a time, since looking for it takes a thread of libcurl's.
        var isFound = false
        /// In the order of their turns.
        var waiting: [Waiting] = []
        /// Questions that were not asked the last time.
        var missed: [String: Miss] = [:]
        /// When something was last lost there: older connections may be dead without anybody having been told.
        var lostAt: Instant?
    }

    private var hosts: [String: Host] = [:]
    /// Hosts that have somebody waiting and may have more under way, in the order of their turns.
    private var turns: [String] = []
    private var flying = 0

    init(perHost: Int, total: Int, connections: [String: Int] = [:]) {
        self.perHost = max(1, perHost)
        self.total = max(1, total)
        self.connections = connections.mapValues { max(1, $0) }
    }

    /// `turn` is what the question is known by when it comes again.
    mutating func add(_ id: UInt64, to name: String, turn: String) {
        var host = hosts.removeValue(forKey: name) ?? Host()
        let missed = host.missed[turn]?.times ?? 0
        // Behind all that went without as often; nearly always that is the end.
        var place = host.waiting.count
        while place > 0, host.waiting[place - 1].missed < missed { place -= 1 }
        host.waiting.insert(Waiting(id: id, turn: turn, missed: missed), at: place)
        hosts[name] = host
        offer(name)
    }

    /// The next that may begin, which from now on is under way; hosts take turns.
    mutating func next() -> UInt64? {
        guard flying < total, !turns.isEmpty else { return nil }
        let name = turns.removeFirst()
        guard var host = hosts[name], mayBegin(host, name) else { return next() }
        let id = host.waiting.removeFirst().id
        host.flying += 1
        flying += 1
        hosts[name] = host
        offer(name)
        return id
    }

    /// The host's name leads somewhere.
    mutating func found(_ name: String) {
        hosts[name]?.isFound = true
        offer(name)
    }

    /// Takes out one that waits; false where it does not, and so is under way.
    mutating func drop(_ id: UInt64, of name: String, now: Instant) -> Bool {
        guard let place = hosts[name]?.waiting.firstIndex(where: { $0.id == id }) else { return false }
        if let turn = hosts[name]?.waiting.remove(at: place).turn { miss(turn, at: name, now: now) }
        forget(name)
        return true
    }

    /// How one that was under way ended.
    enum Landing {
        case answered
        /// No answer came.
        case lost
        /// Nor is it known who would have been asked.
        case notFound
        /// It was called off, which says nothing of the host.
        case gaveUp
        /// Its turn came too late for it to be asked.
        case missed
    }

    mutating func landed(_ landing: Landing, at name: String, turn: String, now: Instant) {
        flying = max(0, flying - 1)
        hosts[name]?.flying -= 1
        switch landing {
        case .answered: hosts[name]?.isFound = true
        case .lost, .notFound:
            hosts[name]?.isFound = landing == .lost
            hosts[name]?.lostAt = now
        case .gaveUp, .missed: break
        }
        if landing == .missed {
            miss(turn, at: name, now: now)
        } else {
            hosts[name]?.missed[turn] = nil
        }
        offer(name)
        forget(name)
    }

    private mutating func miss(_ turn: String, at name: String, now: Instant) {
        hosts[name]?.missed[turn, default: Miss(at: now)].times += 1
        hosts[name]?.missed[turn]?.at = now
    }

    /// How old a connection to the host may be at most, in seconds, to be used once more; 0 is for a new one.
    func trustedAge(of name: String, now: Instant) -> Int {
        guard let lostAt = hosts[name]?.lostAt else { return Self.longestUse }
        // libcurl counts whole seconds, and lets one pass that is as old as the limit.
        return min(Self.longestUse, max(0, Int((now - lostAt).inSeconds) - 1))
    }

    /// A connection older than this is ended after its use: a name may mean somebody else by now.
    static let longestUse = 60

    private mutating func offer(_ name: String) {
        guard let host = hosts[name], mayBegin(host, name), !turns.contains(name) else { return }
        turns.append(name)
    }

    private func mayBegin(_ host: Host, _ name: String) -> Bool {
        !host.waiting.isEmpty && host.flying < (host.isFound ? connections[name] ?? perHost : 1)
    }

    /// Hosts of which there is nothing to be remembered do not add up.
    private mutating func forget(_ name: String) {
        guard let host = hosts[name], host.flying == 0, host.waiting.isEmpty else { return }
        if host.lostAt == nil, host.missed.isEmpty { hosts[name] = nil }
    }

    /// The same for what was lost, or went without its turn, long enough ago.
    mutating func forgetOld(now: Instant) {
        func isOld(_ at: Instant) -> Bool { (now - at).inSeconds > Double(Self.longestUse) }
        for (name, host) in hosts {
            let missed = host.missed.filter { !isOld($0.value.at) }
            let isIdle = host.flying == 0 && host.waiting.isEmpty && missed.isEmpty
            if isIdle, host.lostAt.map(isOld) ?? true {
                hosts[name] = nil
            } else if missed.count < host.missed.count {
                hosts[name]?.missed = missed
            }
        }
    }
}

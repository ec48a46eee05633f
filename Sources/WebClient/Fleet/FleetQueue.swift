import Base

/// Which questions of a fleet are under way and which wait: a few at a time for each host, so that one that hangs holds up only its own.
struct FleetQueue {
    /// How many may be under way.
    let perHost: Int
    let total: Int

    private struct Host {
        var flying = 0
        /// Whether its name leads somewhere; until then one question at a time, since looking for it takes a thread of libcurl's.
        var isFound = false
        /// In the order in which they came.
        var waiting: [UInt64] = []
        /// When something was last lost there: older connections may be dead without anybody having been told.
        var lostAt: Instant?
    }

    private var hosts: [String: Host] = [:]
    /// Hosts that have somebody waiting and may have more under way, in the order of their turns.
    private var turns: [String] = []
    private var flying = 0

    init(perHost: Int, total: Int) {
        self.perHost = max(1, perHost)
        self.total = max(1, total)
    }

    mutating func add(_ id: UInt64, to host: String) {
        hosts[host, default: Host()].waiting.append(id)
        offer(host)
    }

    /// The next that may begin, which from now on is under way; hosts take turns.
    mutating func next() -> UInt64? {
        guard flying < total, !turns.isEmpty else { return nil }
        let name = turns.removeFirst()
        guard var host = hosts[name], mayBegin(host) else { return next() }
        let id = host.waiting.removeFirst()
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
    mutating func drop(_ id: UInt64, of name: String) -> Bool {
        guard let place = hosts[name]?.waiting.firstIndex(of: id) else { return false }
        hosts[name]?.waiting.remove(at: place)
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
    }

    mutating func landed(_ landing: Landing, at name: String, now: Instant) {
        flying = max(0, flying - 1)
        hosts[name]?.flying -= 1
        hosts[name]?.isFound = landing != .notFound
        if landing != .answered { hosts[name]?.lostAt = now }
        offer(name)
        forget(name)
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
        guard let host = hosts[name], mayBegin(host), !turns.contains(name) else { return }
        turns.append(name)
    }

    private func mayBegin(_ host: Host) -> Bool {
        !host.waiting.isEmpty && host.flying < (host.isFound ? perHost : 1)
    }

    /// Hosts of which there is nothing to be remembered do not add up.
    private mutating func forget(_ name: String) {
        guard let host = hosts[name], host.flying == 0, host.waiting.isEmpty, host.lostAt == nil else {
            return
        }
        hosts[name] = nil
    }

    /// The same for hosts where something was lost long enough ago.
    mutating func forgetOld(now: Instant) {
        let old = hosts.filter { _, host in
            host.flying == 0 && host.waiting.isEmpty
                && host.lostAt.map { (now - $0).inSeconds > Double(Self.longestUse) } ?? true
        }
        for name in old.keys { hosts[name] = nil }
    }
}

import Base
import Experiments
import Store

extension Doctor {
    /// Whether the history of every run is as it was recorded: each chain of events, and the seals over them.
    func history(_ database: Database) async throws(StoreError) -> [Finding] {
        var history = HistoryCheck()
        var last = ""
        while true {
            let after = last
            let chains = try await database.transaction(.snapshot) { transaction throws(StoreError) in
                try transaction.chainList(after: after, limit: HistoryCheck.chainsAtOnce)
            }
            for chain in chains { history.look(at: chain) }
            guard let end = chains.last else { break }
            last = end.experiment
        }
        // Asked first, so that a seal written meanwhile is in the list.
        let named = try await database.statement { transaction throws(StoreError) in
            try transaction.sealNewestNamed()
        }
        while true {
            let after = history.lastSeal
            let seals = try await database.statement { transaction throws(StoreError) in
                try transaction.sealList(after: after, limit: HistoryCheck.sealsAtOnce)
            }
            if seals.isEmpty { break }
            let intact = seals.filter { history.look(at: $0) }
            let broken = try await database.statement { transaction throws(StoreError) in
                try transaction.sealBrokenHeads(of: intact)
            }
            for head in broken { history.look(at: head) }
        }
        history.end(named: named)
        return history.findings
    }
}

/// Holds the records of runs against each other, page after page, and gathers what does not agree.
struct HistoryCheck {
    static let chainsAtOnce = 100
    static let sealsAtOnce = 20
    /// Breaks that are told of one by one; the rest is counted.
    static let shown = 20

    private(set) var lastSeal: Int64 = 0
    private var previous = SealChain.start
    private var runs = 0
    private var events = 0
    private var seals = 0
    private var breaks: [Finding] = []
    private var unshown = 0

    private mutating func broken(_ subject: String, _ text: String) {
        if breaks.count < Self.shown {
            breaks.append(.problem(subject, text))
        } else {
            unshown += 1
        }
    }

    /// All that was found, or that all is well.
    var findings: [Finding] {
        if unshown > 0 { return breaks + [.problem("history", "\(unshown) more breaks are not shown")] }
        if !breaks.isEmpty { return breaks }
        let counted = "\(events) events of \(runs) experiments, and \(seals) seals over them"
        return [.ok("history", "\(counted): nothing was changed, left out or moved")]
    }
}

extension HistoryCheck {
    /// One run: its events must follow each other from the first to the one that its row calls the last.
    mutating func look(at chain: StoredChain) {
        runs += 1
        events += chain.events.count
        if let problem = Self.problem(of: chain) {
            broken("events", "experiment \(chain.experiment), \(problem)")
        }
    }

    private static func problem(of chain: StoredChain) -> String? {
        var previous = EventChain.start(experiment: chain.experiment)
        for (place, event) in chain.events.enumerated() {
            if event.number != place + 1 {
                return "event \(place + 1): it is missing, so somebody deleted it from the database"
            }
            if EventChain.link(previous: previous, payload: event.payload.encoded) != event.digest {
                return "event \(event.number): its digest is not that of what it says after the event "
                    + "before it, so somebody changed one of them in the database"
            }
            previous = event.digest
        }
        let found = chain.events.count
        if found < chain.count {
            return "event \(found + 1): it is missing, as its row counts \(chain.count) events, "
                + "so somebody deleted it from the database"
        }
        if found > chain.count {
            return "event \(chain.count + 1): its row counts only \(chain.count) events, "
                + "so somebody added it to the database or changed the row"
        }
        if previous != chain.head {
            return
                "event \(found): it is not the one that the row calls the last, so somebody changed the row"
        }
        return nil
    }
}

extension HistoryCheck {
    /// One seal, which must follow the one before it; says whether what it covers can be relied on.
    mutating func look(at seal: EventSeal) -> Bool {
        seals += 1
        let expected = lastSeal + 1
        lastSeal = seal.number
        defer { previous = seal.digest }
        if seal.number != expected {
            let last = seal.number - 1
            broken(
                "seals",
                "seal \(expected == last ? "" : "\(expected) to ")\(last) is missing, so somebody deleted it from the database: "
                    + "what it covered is not vouched for, except by later seals"
            )
            // After a gap nobody knows what the seal was linked to.
            return true
        }
        if SealChain.isIntact(seal, after: previous) { return true }
        broken(
            "seals",
            "seal \(seal.number): its digest is not that of what it covers after the seal before it, "
                + "so somebody changed one of them in the database"
        )
        return false
    }

    /// An event that was sealed and is no longer there, or no longer the same.
    mutating func look(at head: BrokenHead) {
        let what =
            head.isMissing
            ? "it was sealed and is missing, so somebody deleted it from the database"
            : "it is not the one that was sealed, so somebody put another in its place"
        broken("events", "experiment \(head.experiment), event \(head.number): \(what)")
    }

    /// All seals were seen; `named` is the newest that runs say they are in.
    mutating func end(named: Int64?) {
        guard let named, named > lastSeal else { return }
        broken(
            "seals",
            "seal \(named) is missing: experiments name it, and the last there is has number \(lastSeal), "
                + "so somebody deleted it from the database"
        )
    }
}

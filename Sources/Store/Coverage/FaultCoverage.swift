package import Base

/// How the instances of one target stand to one fault, as one node counted them.
package struct FaultCoverage: Equatable, Sendable {
    package var experiment: String
    package var action: String
    package var account: AccountID
    package var target: String
    package var seen = 0
    package var holding = 0
    package var held = 0
    package var rejecting = 0
    package var cleared = 0
    package var off = 0
    package var silent = 0
    package var untracked = 0
    /// Those that keep no lease, held it, and have not read since that it is over.
    package var withoutLease = 0
    package var firstHeldAt: Timestamp?
    package var lastHeldAt: Timestamp?
    /// Why some refuse it, with their numbers.
    package var reasons: [String: Int] = [:]
    /// Some of those that are silent, each with the end of its lease in seconds since 1970.
    package var silentNames: [String: Double] = [:]

    package init(experiment: String, action: String, account: AccountID, target: String) {
        self.experiment = experiment
        self.action = action
        self.account = account
        self.target = target
    }

    /// Those that held it and of which nobody knows any more how they stand: their node was started again, or is gone.
    package var unknown: Int { max(held - holding - cleared - off - silent - withoutLease, 0) }

    /// The node that counted it does not any more.
    package var abandoned: FaultCoverage {
        var row = self
        (row.holding, row.silent, row.withoutLease, row.silentNames) = (0, 0, 0, [:])
        return row
    }

    /// What the same node counts now, over what it wrote before: as the statement that writes it has it.
    package func over(_ written: FaultCoverage) -> FaultCoverage {
        var now = self
        now.held = max(held, written.held)
        if held < written.held {
            (now.cleared, now.off) = (max(cleared, written.cleared), max(off, written.off))
        }
        now.firstHeldAt = [firstHeldAt, written.firstHeldAt].compactMap(\.self).min()
        now.lastHeldAt = [lastHeldAt, written.lastHeldAt].compactMap(\.self).max()
        return now
    }

    var details: JSON {
        [
            "reasons": .object(
                reasons.sorted { $0.key < $1.key }.map { .init($0.key, .integer(Int64($0.value))) }
            ),
            "silent": .object(
                silentNames.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }
            ),
        ]
    }

    var row: JSON {
        [
            "experiment": .string(experiment), "action": .string(action),
            "account": .string(account.description), "target": .string(target),
            "seen": .integer(Int64(seen)), "holding": .integer(Int64(holding)), "held": .integer(Int64(held)),
            "rejecting": .integer(Int64(rejecting)), "cleared": .integer(Int64(cleared)),
            "off": .integer(Int64(off)), "silent": .integer(Int64(silent)),
            "untracked": .integer(Int64(untracked)), "without_lease": .integer(Int64(withoutLease)),
            "first_held_at": firstHeldAt.map { .string($0.column) } ?? .null,
            "last_held_at": lastHeldAt.map { .string($0.column) } ?? .null, "details": details,
        ]
    }
}

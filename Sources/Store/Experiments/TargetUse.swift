package import Base

/// What a step does about the targets that others may hold or wait for.
package enum TargetUse: Equatable, Sendable {
    /// Nothing: the run wants none, has them already, or lets go of them because it ends.
    case none
    /// Takes them, if nobody is in the way; else nothing of the step is written.
    case hold(Hold)
    /// Gets in line for them, behind all who are in line already.
    case wait([String])

    package struct Hold: Equatable, Sendable {
        package var targets: [String]
        /// Whether no other run may have them at the same time.
        package var isExclusive: Bool
        /// Which of those who wait for one of them come first.
        package var turn: Turn

        package init(_ targets: [String], isExclusive: Bool, turn: Turn = .atOnce) {
            self.targets = targets
            self.isExclusive = isExclusive
            self.turn = turn
        }
    }

    package enum Turn: Equatable, Sendable {
        /// Nobody who waits.
        case atOnce
        /// All who wait.
        case last
        /// Those who got in line before the run itself.
        case own
    }

    var hold: Hold? {
        switch self {
        case .hold(let hold): hold.targets.isEmpty ? nil : hold
        case .none, .wait: nil
        }
    }
}

/// A run that has, or waits for, a target that another one wants.
package struct TargetHolder: Equatable, Sendable {
    package let target: String
    package let experiment: String
    package let template: String
    /// Nil for one that waits.
    package let since: Timestamp?
    /// Whether it keeps the other from its target.
    package let isInTheWay: Bool

    package init(target: String, experiment: String, template: String, since: Timestamp?, isInTheWay: Bool) {
        self.target = target
        self.experiment = experiment
        self.template = template
        self.since = since
        self.isInTheWay = isInTheWay
    }

    /// As `targets_claimed` tells it; nobody is null.
    static func list(_ found: JSON?) throws(StoreError) -> [TargetHolder] {
        var holders: [TargetHolder] = []
        for row in found?.elements ?? [] {
            guard let target = row[0]?.text, let experiment = row[1]?.text, let isInTheWay = row[4]?.truth
            else { throw .unexpectedRow("a holder that is \(row)") }
            holders.append(
                TargetHolder(
                    target: target,
                    experiment: experiment,
                    template: row[2]?.text ?? "",
                    since: row[3]?.text.flatMap { Timestamp(column: $0) },
                    isInTheWay: isInTheWay
                )
            )
        }
        return holders
    }
}

extension TargetUse {
    /// The parts of a statement that lock the targets and look who is in the way, for the one row of `ground`; empty where the step
    /// wants none.
    ///
    /// The locks are taken when that row was found, and so after all that `ground` locks.
    func claim(by experiment: String, of account: AccountID, ground: Query) -> TargetClaim {
        switch self {
        case .none: return TargetClaim()
        case .hold(let hold):
            if hold.targets.isEmpty { return TargetClaim() }
            return TargetClaim(
                looking: """
                    claimed AS MATERIALIZED (
                        SELECT targets_claimed(\(account), \(Self.names(hold.targets))::json, \(experiment),
                                               \(hold.isExclusive)::boolean, \(hold.turn.before(experiment))) AS found,
                               NULL::bigint AS ticket
                        \(ground)
                    ),
                    """
            )
        case .wait(let targets):
            return TargetClaim(
                looking: """
                    claimed AS MATERIALIZED (
                        SELECT NULL::json AS found, target_ticket(\(account), \(Self.names(targets))::json) AS ticket
                        \(ground)
                    ),
                    """
            )
        }
    }

    /// The part of a statement that takes the targets, or gets in line for them, for the row of `run`.
    func taking(for run: Query) -> Query {
        switch self {
        case .none: return ""
        case .hold(let hold):
            if hold.targets.isEmpty { return "" }
            return """
                , taken AS (
                    INSERT INTO target_holds (account, target, experiment, is_exclusive, since)
                    SELECT \(run).account, target, \(run).id, \(hold.isExclusive)::boolean, clock_timestamp()
                    FROM \(run), json_array_elements_text(\(Self.names(hold.targets))::json) AS target
                )
                """
        case .wait(let targets):
            return """
                , lined_up AS (
                    INSERT INTO target_waits (account, target, experiment, ticket)
                    SELECT \(run).account, target, \(run).id, claimed.ticket
                    FROM \(run), claimed, json_array_elements_text(\(Self.names(targets))::json) AS target
                )
                """
        }
    }

    private static func names(_ targets: [String]) -> JSON { .array(targets.map { .string($0) }) }
}

extension TargetUse.Turn {
    /// The ticket before which all come first; null where nobody does.
    fileprivate func before(_ experiment: String) -> Query {
        switch self {
        case .atOnce: "NULL::bigint"
        case .last: "9223372036854775807"
        case .own: "(SELECT min(ticket) FROM target_waits WHERE target_waits.experiment = \(experiment))"
        }
    }
}

/// The parts of a statement that sees to it that nobody is in the way of what a step takes; all of them empty where it takes nothing.
struct TargetClaim {
    /// The table `claimed`, with a comma after it.
    private(set) var looking: Query = ""
    /// Another source of rows, with its word before it.
    private(set) var also: Query = ""
    private(set) var from: Query = ""
    /// One more condition.
    private(set) var isFree: Query = ""
    /// Who was found, those in the way first.
    private(set) var found: Query = "NULL"

    init() {}

    init(looking: Query) {
        self.looking = looking
        (also, from) = (", claimed", "FROM claimed")
        isFree = "AND (claimed.found IS NULL OR NOT (claimed.found -> 0 ->> 4)::boolean)"
        found = "(SELECT found FROM claimed)"
    }
}

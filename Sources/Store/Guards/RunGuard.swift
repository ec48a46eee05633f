package import Base

/// What is watched for a run, as the database keeps it between two looks.
package struct RunGuard: Equatable, Sendable {
    package let experiment: String
    package let name: String
    package let account: AccountID
    /// How its conditions stand; what it is made of is whoever looks at it's own business.
    package let state: JSON
    package let round: Int64
    /// When it is looked at again; nil once it is over.
    package let dueAt: Timestamp?
    /// Until when the run's faults may be served; nil before everything was read.
    package let guardedUntil: Timestamp?

    package init(
        experiment: String,
        name: String,
        account: AccountID,
        state: JSON = [:],
        round: Int64 = 0,
        dueAt: Timestamp? = nil,
        guardedUntil: Timestamp? = nil
    ) {
        self.experiment = experiment
        self.name = name
        self.account = account
        self.state = state
        self.round = round
        self.dueAt = dueAt
        self.guardedUntil = guardedUntil
    }

    static let columns: Query = """
        run_guards.experiment, run_guards.name, run_guards.account, run_guards.state, run_guards.round,
        run_guards.due_at, run_guards.guarded_until
        """

    init(_ row: inout Row) throws(StoreError) {
        experiment = try row.next()
        name = try row.next()
        account = try row.next()
        state = try row.next()
        round = try row.next()
        dueAt = try row.nextIfAny()
        guardedUntil = try row.nextIfAny()
    }
}

/// A guard that this node looks at now.
package struct GuardClaim: Equatable, Sendable {
    package let duty: RunGuard
    /// The database's time when the look began.
    package let at: Timestamp
    package let stage: Stage

    /// Where the run was when the look began.
    package enum Stage: Equatable, Sendable {
        /// It has its targets and waits for its guards: nothing is published.
        case waiting
        case underWay
        /// It has ended, or is gone.
        case over
    }

    package init(_ duty: RunGuard, at: Timestamp, stage: Stage = .underWay) {
        self.duty = duty
        self.at = at
        self.stage = stage
    }

    /// Whether nobody has read the conditions for so long that the run's faults are not served any more.
    package var isLapsed: Bool { duty.guardedUntil.map { $0 < at } ?? true }

    /// Whether the faults of the row of `run` are served only while its stop conditions are read.
    static func isGuarded(_ run: Query) -> Query {
        """
        EXISTS (SELECT FROM run_guards WHERE run_guards.experiment = \(run).id AND run_guards.name = 'stop-conditions')
        """
    }
}

/// What a look at a guard found, to be kept.
package struct GuardLook: Equatable, Sendable {
    package var claim: GuardClaim
    package var state: JSON
    package var readings: JSON
    /// Until when the run's faults may be served from now on; nil where that stays as it is.
    package var guardedUntil: Timestamp?
    /// How long after this look the next one is due; nil where that is as ever.
    package var again: Duration?
    /// Whether nobody needs to look again.
    package var isOver: Bool

    package init(
        _ claim: GuardClaim,
        state: JSON,
        readings: JSON,
        guardedUntil: Timestamp? = nil,
        again: Duration? = nil,
        isOver: Bool = false
    ) {
        self.claim = claim
        self.state = state
        self.readings = readings
        self.guardedUntil = guardedUntil
        self.again = again
        self.isOver = isOver
    }
}

/// One look at a guard, as it was kept.
package struct GuardEvaluation: Equatable, Sendable {
    package let name: String
    package let round: Int64
    package let at: Timestamp
    package let readings: JSON
}

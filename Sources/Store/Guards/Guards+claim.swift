package import Base

extension Transaction {
    /// Takes guards that are due, whoever looked at them last, and has them due again after `pace`.
    ///
    /// One that is due further ahead than two paces was put there by another clock. The commit does not wait for the disk: what a crash
    /// forgets is looked at again.
    package func guardClaim(pace: Duration, limit: Int) throws(StoreError) -> [GuardClaim] {
        try all(
            """
            UPDATE run_guards
            SET due_at = now.at + make_interval(secs => \(pace.inSeconds)), looked_at = now.at,
                round = run_guards.round + 1
            FROM (
                SELECT experiment, name, set_config('synchronous_commit', 'off', true) FROM run_guards
                WHERE due_at <= clock_timestamp()
                   OR due_at > clock_timestamp() + make_interval(secs => \((pace * 2).inSeconds))
                ORDER BY due_at LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            ) AS due, (SELECT clock_timestamp() AS at) AS now
            WHERE run_guards.experiment = due.experiment AND run_guards.name = due.name
              -- Known already, and named so that the index of what is due serves here too.
              AND run_guards.due_at IS NOT NULL
            RETURNING \(RunGuard.columns), now.at,
                      (SELECT status FROM experiments
                       WHERE experiments.id = run_guards.experiment AND experiments.ended_at IS NULL)
            """
        ) { row throws(StoreError) in
            let (duty, at) = (try RunGuard(&row), try row.next(Timestamp.self))
            let status = try row.nextIfAny(String.self)
            return GuardClaim(duty, at: at, stage: GuardClaim.Stage(status: status))
        }
    }

    /// Has an account's guards looked at at once, as something has happened that one of them may be about; each once a second at most.
    @discardableResult
    package func guardHurry(of account: AccountID) throws(StoreError) -> Int {
        try execute(
            """
            UPDATE run_guards
            SET due_at = greatest(clock_timestamp(), looked_at + interval '1 s')
            FROM (
                SELECT experiment, name FROM run_guards
                WHERE account = \(account) AND due_at > greatest(clock_timestamp(), looked_at + interval '1 s')
                ORDER BY experiment, name FOR UPDATE
            ) AS late
            WHERE run_guards.experiment = late.experiment AND run_guards.name = late.name
              AND run_guards.due_at IS NOT NULL
            """
        )
    }

    /// Keeps what was found, unless something newer was kept of the guard, or it is over; says of which.
    ///
    /// A late look lets faults be served no longer than any other that began when it did.
    package func guardKeep(_ looks: [GuardLook]) throws(StoreError) -> Set<GuardKey> {
        if looks.isEmpty { return [] }
        let rows = JSON.array(looks.map(\.row))
        let kept = try all(
            """
            WITH look AS (
                SELECT * FROM json_to_recordset(\(rows)::json)
                    AS look (experiment text, name text, round bigint, at timestamptz, state json, readings json,
                             guarded_until timestamptz, again timestamptz, is_over boolean)
            ), locked AS MATERIALIZED (
                SELECT run_guards.experiment, run_guards.name FROM run_guards JOIN look USING (experiment, name)
                ORDER BY run_guards.experiment, run_guards.name FOR UPDATE OF run_guards
            ), kept AS (
                UPDATE run_guards
                SET state = look.state, kept = look.round,
                    guarded_until = coalesce(look.guarded_until, run_guards.guarded_until),
                    due_at = CASE WHEN look.is_over OR run_guards.due_at IS NULL THEN NULL
                                  ELSE coalesce(look.again, run_guards.due_at) END
                FROM look JOIN locked USING (experiment, name)
                WHERE run_guards.experiment = look.experiment AND run_guards.name = look.name
                  AND run_guards.kept <= look.round
                RETURNING look.experiment, look.name, look.round, look.at, look.readings
            ), noted AS (
                INSERT INTO guard_evaluations (experiment, name, round, at, readings)
                SELECT experiment, name, round, at, readings FROM kept
                ON CONFLICT (experiment, name, round) DO NOTHING
            )
            SELECT experiment, name FROM kept
            """
        ) { row throws(StoreError) in GuardKey(experiment: try row.next(), name: try row.next()) }
        return Set(kept)
    }
}

/// Which guard of which run.
package struct GuardKey: Hashable, Sendable {
    package let experiment: String
    package let name: String

    package init(experiment: String, name: String) {
        self.experiment = experiment
        self.name = name
    }
}

extension GuardClaim.Stage {
    /// `status` is that of a run that has not ended.
    fileprivate init(status: String?) {
        switch status {
        case nil: self = .over
        case "initiating": self = .waiting
        default: self = .underWay
        }
    }
}

extension RunGuard {
    package var key: GuardKey { GuardKey(experiment: experiment, name: name) }
}

extension GuardLook {
    fileprivate var row: JSON {
        [
            "experiment": .string(claim.duty.experiment), "name": .string(claim.duty.name),
            "round": .integer(claim.duty.round), "at": .string(claim.at.column), "state": state,
            "readings": readings, "guarded_until": guardedUntil.map { .string($0.column) } ?? .null,
            "again": again.map { .string((claim.at + $0).column) } ?? .null, "is_over": .bool(isOver),
        ]
    }
}

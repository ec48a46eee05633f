package import Base

/// A fault to be published with a change of its run.
package struct PublishedFault: Equatable, Sendable {
    package let action: String
    package let target: String
    package let qualifier: String?
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    /// As it is served.
    package let fault: JSON

    package init(
        action: String,
        target: String,
        qualifier: String?,
        notBefore: Timestamp,
        notAfter: Timestamp,
        fault: JSON
    ) {
        self.action = action
        self.target = target
        self.qualifier = qualifier
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.fault = fault
    }
}

/// Who asked for a step, and what the audit trail says of it.
package struct StepAudit: Sendable {
    package var context: OperationContext
    package var action: String
    package var details: JSON
    package var at: Timestamp

    package init(_ context: OperationContext, _ action: String, details: JSON = [:], at: Timestamp) {
        self.context = context
        self.action = action
        self.details = details
        self.at = at
    }
}

/// One step of a run: its new state, and what it does to the documents.
package struct ExperimentStep: Sendable {
    package var state: RunState
    package var published: [PublishedFault]
    /// Published faults whose times move to earlier ones.
    package var advanced: [PublishedFault]
    /// Actions whose faults are taken out; a run that has ended takes out all that are left.
    package var cleared: [String]
    package var use: TargetUse
    /// Guards that are looked at from now on.
    package var watched: [String]
    /// Nil for what a run does by itself.
    package var audit: StepAudit?

    package init(
        state: RunState,
        published: [PublishedFault] = [],
        advanced: [PublishedFault] = [],
        cleared: [String] = [],
        use: TargetUse = .none,
        watched: [String] = [],
        audit: StepAudit? = nil
    ) {
        self.state = state
        self.published = published
        self.advanced = advanced
        self.cleared = cleared
        self.use = use
        self.watched = watched
        self.audit = audit
    }
}

extension ExperimentStep {
    /// The parts of a statement that write what a step brings beside the run's new row, which is called `run` there.
    ///
    /// What there is nothing of is left out: even an empty insert or delete would have its triggers run.
    func parts(of run: Query) -> Query {
        var parts: Query = ""
        if !state.events.isEmpty { parts = "\(parts), recorded AS (\(recording(of: run)))" }
        if !published.isEmpty { parts = "\(parts), published AS (\(publishing(of: run)))" }
        if !advanced.isEmpty { parts = "\(parts), advanced_faults AS (\(advancing(of: run)))" }
        if !cleared.isEmpty || state.endedAt != nil {
            parts = "\(parts), cleared AS (\(clearing(of: run)))"
        }
        if !watched.isEmpty { parts = "\(parts), watched AS (\(watching(of: run)))" }
        parts = "\(parts)\(use.taking(for: run))"
        if let audit { parts = "\(parts), audited AS (\(audit.recording(of: run)))" }
        return parts
    }

    private func recording(of run: Query) -> Query {
        """
        INSERT INTO experiment_events (experiment, last, events)
        SELECT \(run).id, \(state.events.last?.number ?? 0)::integer, \(LinkedEvent.column(state.events))::json
        FROM \(run)
        """
    }

    private func watching(of run: Query) -> Query {
        """
        INSERT INTO run_guards (experiment, name, account, due_at)
        SELECT \(run).id, name, \(run).account, clock_timestamp()
        FROM \(run), json_array_elements_text(\(JSON.array(watched.map { .string($0) }))::json) AS name
        ON CONFLICT (experiment, name) DO NOTHING
        """
    }

    private func publishing(of run: Query) -> Query {
        """
        INSERT INTO faults (experiment, action, account, target, qualifier, epoch, not_before, not_after, fault,
                            is_guarded)
        SELECT \(run).id, fault.action, \(run).account, fault.target, fault.qualifier, \(run).epoch,
               fault.not_before, fault.not_after, fault.fault, \(GuardClaim.isGuarded(run))
        FROM \(run), \(Self.recordset(published))
        """
    }

    private func advancing(of run: Query) -> Query {
        """
        UPDATE faults SET not_before = fault.not_before, not_after = fault.not_after, fault = fault.fault
        FROM \(run), \(Self.recordset(advanced))
        WHERE faults.experiment = \(run).id AND faults.action = fault.action AND faults.target = fault.target
        """
    }

    /// Faults as rows of a statement, under the name `fault`.
    private static func recordset(_ faults: [PublishedFault]) -> Query {
        let rows = JSON.array(
            faults.map { fault in
                [
                    "action": .string(fault.action), "target": .string(fault.target),
                    "qualifier": fault.qualifier.map { .string($0) } ?? .null,
                    "not_before": .string(fault.notBefore.column),
                    "not_after": .string(fault.notAfter.column),
                    "fault": fault.fault,
                ]
            }
        )
        return """
            json_to_recordset(\(rows)::json)
                AS fault (action text, target text, qualifier text, not_before timestamptz, not_after timestamptz,
                          fault json)
            """
    }

    private func clearing(of run: Query) -> Query {
        let all: Query = "DELETE FROM faults USING \(run) WHERE faults.experiment = \(run).id"
        if state.endedAt != nil { return all }
        let names = JSON.array(cleared.map { .string($0) })
        return "\(all) AND faults.action IN (SELECT json_array_elements_text(\(names)::json))"
    }
}

extension StepAudit {
    fileprivate func recording(of run: Query) -> Query {
        """
        INSERT INTO audit_events (account, at, actor, origin, address, request_id, action, subject, details)
        SELECT \(run).account, \(at)::timestamptz, \(context.actor.description), \(context.origin.rawValue),
               \(context.peer), \(context.requestID), \(action), \(run).id, \(details)::jsonb
        FROM \(run)
        """
    }
}

package import Base

/// A run to be made.
package struct NewExperiment: Sendable {
    package var id: String
    package var template: String
    /// The revision of the template that `state` was made from.
    package var templateRevision: Int64
    package var clientToken: String
    package var requestDigest: [UInt8]
    package var tags: JSON
    /// The lever as it was when `state` was made.
    package var lever: LeverState
    package var state: RunState
    package var createdAt: Timestamp

    package init(
        id: String,
        template: String,
        templateRevision: Int64,
        clientToken: String,
        requestDigest: [UInt8],
        tags: JSON,
        lever: LeverState,
        state: RunState,
        createdAt: Timestamp
    ) {
        self.id = id
        self.template = template
        self.templateRevision = templateRevision
        self.clientToken = clientToken
        self.requestDigest = requestDigest
        self.tags = tags
        self.lever = lever
        self.state = state
        self.createdAt = createdAt
    }
}

extension NewExperiment {
    /// The run as it was made.
    package func made(in account: AccountID, accountConfigurations: JSON) -> Experiment {
        Experiment(
            id: id,
            account: account,
            template: template,
            tags: tags,
            accountConfigurations: accountConfigurations,
            status: state.status,
            epoch: lever.epoch,
            run: state.run,
            revision: 1,
            createdAt: createdAt,
            endedAt: state.endedAt,
            eventCount: state.events.count,
            eventHead: state.head
        )
    }
}

/// What a start begins with, read in one statement.
package struct StartGround: Equatable, Sendable {
    /// Nil where the account has no such template.
    package let template: (content: JSON, revision: Int64)?
    package let lever: LeverState
    /// The run that the same client token made before.
    package let earlier: (id: String, requestDigest: [UInt8])?

    package static func == (left: StartGround, right: StartGround) -> Bool {
        left.template?.revision == right.template?.revision && left.lever == right.lever
            && left.earlier?.id == right.earlier?.id
    }
}

/// What came of making a run.
package enum StartOutcome: Equatable, Sendable {
    /// With the accounts' roles as they were.
    case started(accountConfigurations: JSON)
    /// The template, the lever or the client token is no longer as it was read: read again.
    case outdated
    /// So many run that there may be no room; ask once more with `isExact`.
    case nearQuota
    case overQuota(active: Int)
}

extension Transaction {
    /// Reads what a start is thought out from.
    package func experimentStartGround(
        _ context: OperationContext,
        template: String,
        clientToken: String
    ) throws(StoreError) -> StartGround {
        try one(
            """
            SELECT safety_lever.status, safety_lever.epoch, template.content, template.revision,
                   earlier.id, earlier.request_digest
            FROM safety_lever
            LEFT JOIN experiment_templates AS template
                ON template.id = \(template) AND template.account = \(context.account)
            LEFT JOIN experiments AS earlier
                ON earlier.account = \(context.account) AND earlier.client_token = \(clientToken)
            """
        ) { row throws(StoreError) in
            let lever = LeverState(status: try row.next(), epoch: try row.next())
            let content = try row.nextIfAny(JSON.self)
            let revision = try row.nextIfAny(Int64.self)
            let id = try row.nextIfAny(String.self)
            let digest = try row.nextIfAny([UInt8].self)
            return StartGround(
                template: content.flatMap { content in revision.map { (content, $0) } },
                lever: lever,
                earlier: id.flatMap { id in digest.map { (id, $0) } }
            )
        }
    }

    /// Makes a run with its first events, if the template and the lever are still as they were read.
    ///
    /// One statement, and so one round trip. Starts at the same moment do not see each other, so room is left below the quota
    /// for as many as there can be at once; `isExact` counts under a lock instead, for when it gets tight.
    package func experimentStart(
        _ context: OperationContext,
        _ new: NewExperiment,
        quota: Int?,
        isExact: Bool = false
    ) throws(StoreError) -> StartOutcome {
        if isExact { try lockStarts(context) }
        let needed = isExact ? 1 : Self.startMargin
        let room = quota ?? .max
        let state = new.state
        let (active, made, isCurrent) = try one(
            """
            WITH active AS (
                SELECT count(*) AS number FROM (
                    SELECT FROM experiments WHERE account = \(context.account) AND ended_at IS NULL
                    LIMIT \(quota ?? 0)) AS counted
            ), source AS (
                SELECT template.id, (
                    SELECT coalesce(json_agg(json_build_object(
                               'accountId', account_id, 'roleArn', role_arn, 'description', description)
                               ORDER BY account_id), '[]')
                    FROM target_account_configurations AS configuration
                    WHERE configuration.template = template.id) AS configurations
                FROM experiment_templates AS template, safety_lever
                WHERE template.id = \(new.template) AND template.account = \(context.account)
                  AND template.revision = \(new.templateRevision)
                  AND safety_lever.epoch = \(new.lever.epoch) AND safety_lever.status = \(new.lever.status)
            ), made AS (
                INSERT INTO experiments (id, account, template, client_token, request_digest, tags,
                                         account_configurations, status, epoch, run, created_at, ended_at,
                                         next_due, event_count, event_head)
                SELECT \(new.id), \(context.account), source.id, \(new.clientToken), \(new.requestDigest)::bytea,
                       \(new.tags)::json, source.configurations, \(state.status), \(new.lever.epoch)::bigint,
                       \(state.run)::json, \(new.createdAt)::timestamptz, \(state.endedAt)::timestamptz,
                       \(state.nextDue)::timestamptz, \(state.events.count)::integer, \(state.head)::bytea
                FROM source, active
                WHERE active.number + \(needed) <= \(room)
                ON CONFLICT ON CONSTRAINT experiments_client_token DO NOTHING
                RETURNING id, account_configurations
            ), recorded AS (
                INSERT INTO experiment_events (experiment, number, at, payload, digest)
                SELECT made.id, event.number, event.at, event.payload, event.digest
                FROM made, \(state.eventTable)
            ), audited AS (
                INSERT INTO audit_events (account, at, actor, origin, address, request_id, action, subject, details)
                SELECT \(context.account), \(new.createdAt)::timestamptz, \(context.actor.description),
                       \(context.origin.rawValue), \(context.peer), \(context.requestID), 'experiment.started',
                       made.id, json_build_object('template', \(new.template)::text)::jsonb
                FROM made
            )
            SELECT active.number, (SELECT account_configurations FROM made), EXISTS (SELECT FROM source)
            FROM active
            """
        ) { row throws(StoreError) in
            (try row.next(Int.self), try row.nextIfAny(JSON.self), try row.next(Bool.self))
        }
        if let made { return .started(accountConfigurations: made) }
        if !isCurrent || active + needed <= room { return .outdated }
        return isExact ? .overQuota(active: active) : .nearQuota
    }

    /// As many as can be starting at the same moment: more sessions than all nodes together have.
    private static var startMargin: Int { 64 }

    private func lockStarts(_ context: OperationContext) throws(StoreError) {
        _ = try one(
            "SELECT pg_advisory_xact_lock(hashtextextended('starts of ' || \(context.account), 0)) IS NULL"
        ) {
            row throws(StoreError) in try row.next(Bool.self)
        }
    }
}

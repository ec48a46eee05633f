package import Base

/// A run to be made, with its first step.
package struct NewExperiment: Sendable {
    /// Before the first step.
    package var run: Experiment
    package var step: ExperimentStep
    /// The lever's status when `step` was thought out; its epoch is the run's.
    package var leverStatus: String
    /// The revision of the template that `step` was made from.
    package var templateRevision: Int64
    package var clientToken: String
    package var requestDigest: [UInt8]
    /// How long after it was asked for the run may still begin, by the database's clock.
    ///
    /// What an outage or a frozen process held up for longer nobody expects any more.
    package var startWithin: Duration
    /// Whether the template may have roles in other accounts.
    package var copiesAccounts: Bool

    package init(
        _ run: Experiment,
        _ step: ExperimentStep,
        leverStatus: String,
        templateRevision: Int64,
        clientToken: String,
        requestDigest: [UInt8],
        startWithin: Duration,
        copiesAccounts: Bool
    ) {
        self.run = run
        self.step = step
        self.leverStatus = leverStatus
        self.templateRevision = templateRevision
        self.clientToken = clientToken
        self.requestDigest = requestDigest
        self.startWithin = startWithin
        self.copiesAccounts = copiesAccounts
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
    /// With the accounts' roles as they were, and those who share its targets.
    case started(accountConfigurations: JSON, beside: [TargetHolder] = [])
    /// These have, or are in line for, its targets.
    case held([TargetHolder])
    /// The template, the lever or the client token is no longer as it was read, or it is too late.
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
                ON earlier.start_token = \(Self.startToken(context, clientToken))
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

    /// Makes a run with all that its first step brings, if the template and the lever are still as they were read and it is
    /// not too late.
    ///
    /// One statement, and so one round trip and no lock that a frozen process could keep. Starts at the same moment do not see each
    /// other, so room is left below the quota for as many as there can be at once; `isExact` has them counted one after the other
    /// instead, for when it gets tight.
    package func experimentStart(
        _ context: OperationContext,
        _ new: NewExperiment,
        quota: Int?,
        isExact: Bool = false
    ) throws(StoreError) -> StartOutcome {
        let needed = isExact ? 1 : Self.startMargin
        let room = quota ?? .max
        let (run, state) = (new.run, new.step.state)
        let claim = new.step.use.claim(
            by: run.id,
            of: context.account,
            ground: "FROM source, active WHERE active.number + \(needed) <= \(room)"
        )
        let (active, made, holders) = try one(
            """
            WITH source AS (
                SELECT template.id, \(new.copiesAccounts ? Self.configurations : "'[]'::json") AS configurations
                FROM experiment_templates AS template
                WHERE template.id = \(run.template) AND template.account = \(context.account)
                  AND template.revision = \(new.templateRevision)
                  AND \(run.createdAt + new.startWithin) >= clock_timestamp()
                  AND safety_lever_stands(\(new.leverStatus), \(run.epoch))
            ), active AS (
                SELECT (\(Self.counting(context, quota: quota, isExact: isExact))) AS number FROM source
            ), \(claim.looking) made AS (
                INSERT INTO experiments (id, account, template, start_token, request_digest, tags,
                                         account_configurations, status, epoch, run, summary, created_at, ended_at,
                                         next_due, event_count, event_head)
                SELECT \(run.id), \(context.account), source.id,
                       \(Self.startToken(context, new.clientToken)), \(new.requestDigest)::bytea,
                       \(run.tags)::json, source.configurations, \(state.status), \(run.epoch)::bigint,
                       \(state.run)::json, \(state.summary)::json, \(run.createdAt)::timestamptz,
                       \(state.endedAt)::timestamptz, \(state.nextDue)::timestamptz,
                       \(state.events.count)::integer, \(state.head)::bytea
                FROM source, active \(claim.also)
                WHERE active.number + \(needed) <= \(room) \(claim.isFree)
                ON CONFLICT ON CONSTRAINT experiments_start_token DO NOTHING
                RETURNING id, account, epoch, account_configurations
            )\(new.step.parts(of: "made"))
            SELECT (SELECT number FROM active), (SELECT account_configurations FROM made), \(claim.found)
            """
        ) { row throws(StoreError) in
            (
                try row.nextIfAny(Int.self), try row.nextIfAny(JSON.self),
                try TargetHolder.list(try row.nextIfAny(JSON.self))
            )
        }
        if let made { return .started(accountConfigurations: made, beside: holders) }
        if holders.contains(where: \.isInTheWay) { return .held(holders.filter(\.isInTheWay)) }
        guard let active, active + needed > room else { return .outdated }
        return isExact ? .overQuota(active: active) : .nearQuota
    }

    /// What two starts with one client token have in common, and those of two accounts have not.
    private static func startToken(_ context: OperationContext, _ clientToken: String) -> String {
        "\(context.account) \(clientToken)"
    }

    /// The template's roles in other accounts, as they are now.
    private static let configurations: Query = """
        (SELECT coalesce(json_agg(json_build_object(
                    'accountId', account_id, 'roleArn', role_arn, 'description', description)
                    ORDER BY account_id), '[]')
         FROM target_account_configurations AS configuration WHERE configuration.template = template.id)
        """

    /// As many as can be starting at the same moment: more sessions than all nodes together have.
    private static var startMargin: Int { 64 }

    private static func counting(_ context: OperationContext, quota: Int?, isExact: Bool) -> Query {
        if isExact { return "experiments_counted_alone(\(context.account))" }
        return """
            SELECT count(*) FROM (
                SELECT FROM experiments WHERE account = \(context.account) AND ended_at IS NULL
                LIMIT \(quota ?? 0)) AS counted
            """
    }
}

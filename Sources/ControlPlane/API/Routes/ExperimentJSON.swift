import Base
import Experiments
import Store

/// A run as FIS shows it.
struct ExperimentJSON {
    private let row: Experiment
    private let run: Run
    private let queue: QueueStanding?
    private let region: String

    init(_ row: Experiment, region: String) throws(APIError) {
        self.init(try .opened(row), region: region)
    }

    /// `queue` is where a run stands that waits for its targets.
    init(_ record: RunRecord, queue: QueueStanding? = nil, region: String) {
        row = record.row
        run = record.run
        self.queue = queue
        self.region = region
    }

    /// One line of a list.
    static func summary(_ row: ExperimentSummary, account: AccountID, region: String) -> JSON {
        .object(
            heading(row.id, row.template, account, region) + [
                .init("state", state(row.status, reason: row.reason, error: row.error, account)),
                .init("creationTime", row.createdAt.json), .init("tags", row.tags),
                .init("experimentOptions", options(row.options, mode: row.mode)),
            ]
        )
    }

    var whole: JSON {
        // As it is stored with the run.
        let template = row.run["template"] ?? run.template.json
        var members = Self.heading(row.id, row.template, row.account, region)
        func add(_ name: String, _ value: JSON?) { if let value { members.append(.init(name, value)) } }
        add("roleArn", template["roleArn"])
        // A run that could not be read once was failed in its row alone.
        add(
            "state",
            Self.state(
                row.status,
                reason: queue.map { .string(Self.reason($0)) } ?? row.run["reason"] ?? "",
                error: row.run["error"] ?? .null,
                row.account
            )
        )
        add("queue", run.queue.map { Self.queue($0, queue) })
        add("targets", template["targets"])
        add("actions", .object(run.actions.map { JSON.Member($0.name, Self.action($0)) }))
        add("stopConditions", template["stopConditions"])
        add("creationTime", run.createdAt.json)
        add("startTime", run.startedAt?.json)
        add("endTime", run.endedAt?.json)
        add("tags", row.tags)
        add("logConfiguration", template["logConfiguration"])
        add("experimentOptions", Self.options(options.json, mode: .string(run.mode.rawValue)))
        if run.template.options.accountTargeting == .multiple {
            add(
                "targetAccountConfigurationsCount",
                .integer(Int64(row.accountConfigurations.elements?.count ?? 0))
            )
        }
        add("experimentReportConfiguration", template["experimentReportConfiguration"])
        add("steadyStateHypothesis", template["steadyStateHypothesis"])
        add("steadyState", run.hypothesis.map(Self.steadyState))
        return .object(members)
    }

    /// The template's, and the policy that held for it when the run was started.
    private var options: ExperimentOptions {
        var options = run.template.options
        if run.overlap != .allow { options.overlapPolicy = run.overlap }
        return options
    }

    /// Who is in the way now, which may be another than when it got in line.
    private static func reason(_ standing: QueueStanding) -> String {
        let who = standing.inTheWay.sentence
        return "Queued at place \(standing.place)\(who.isEmpty ? "; its targets are free." : ": \(who)")"
    }

    /// A run may get its turn while it is read; then nobody is before it.
    private static func queue(_ queue: RunQueue, _ standing: QueueStanding?) -> JSON {
        [
            "place": .integer(Int64(standing?.place ?? 1)),
            "heldBy": .array((standing?.holders ?? []).map { .string($0) }),
            "expiresAt": queue.expiresAt.json,
        ]
    }

    /// What the run has shown of its hypothesis so far.
    private static func steadyState(_ hypothesis: RunHypothesis) -> JSON {
        [
            "verdict": hypothesis.verdict.map { .string($0.rawValue) } ?? .null,
            "deviations": .array(
                hypothesis.deviations.map {
                    ["probe": .string($0.probe), "at": $0.at.json, "text": .string($0.text)]
                }
            ),
            "recoverySeconds": hypothesis.recovery.map { .number($0.inSeconds) } ?? .null,
        ]
    }

    private static func heading(
        _ id: String,
        _ template: String,
        _ account: AccountID,
        _ region: String
    ) -> [JSON.Member] {
        let arn = ARN(fis: "experiment/\(id)", region: region, account: account)
        return [
            .init("id", .string(id)), .init("arn", .string(arn.description)),
            .init("experimentTemplateId", .string(template)),
        ]
    }

    /// The error names the account it happened in, which is the run's own where it does not say.
    private static func state(_ status: String, reason: JSON, error: JSON, _ account: AccountID) -> JSON {
        var members: [JSON.Member] = [.init("status", .string(status)), .init("reason", reason)]
        if error != .null {
            members.append(
                .init(
                    "error",
                    [
                        "accountId": .string(error["accountId"]?.text ?? account.description),
                        "code": error["code"] ?? .null, "location": error["location"] ?? .null,
                    ]
                )
            )
        }
        return .object(members)
    }

    private static func options(_ template: JSON, mode: JSON) -> JSON {
        .object((template.members ?? []) + [.init("actionsMode", mode)])
    }

    private static func action(_ action: RunAction) -> JSON {
        var members = action.definition.json.members ?? []
        members.append(
            .init("state", ["status": .string(action.status.rawValue), "reason": .string(action.reason)])
        )
        if let start = action.startedAt { members.append(.init("startTime", start.json)) }
        if let end = action.endedAt { members.append(.init("endTime", end.json)) }
        return .object(members)
    }
}

extension ExperimentJSON {
    /// What the targets were resolved to, all of them or those of one; nothing before they were.
    func resolvedTargets(of name: String?) -> [JSON] {
        (run.targets ?? []).filter { name == nil || $0.name == name }.flatMap(\.listed)
    }

    /// Whether the template has such a target.
    func hasTarget(_ name: String) -> Bool { run.template.targets.contains { $0.name == name } }

    /// FIS's experiment log, as far as the run has come.
    func log(_ events: [RunEvent]) -> [JSON] {
        ExperimentLog(
            experimentID: row.id,
            templateID: row.template,
            accountID: row.account.description,
            template: run.template
        ).records(events)
    }
}

extension RunRecord {
    /// The run that a row holds, for somebody who asked for it.
    static func opened(_ row: Experiment) throws(APIError) -> RunRecord {
        do throws(StoredFormError) {
            return try RunRecord(row)
        } catch {
            throw APIError(
                .internalFailure,
                "This version of the server cannot read experiment \(row.id).",
                detail: .init(error.description)
            )
        }
    }
}

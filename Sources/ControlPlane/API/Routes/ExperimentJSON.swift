import Base
import Experiments
import Store

/// A run as FIS shows it.
struct ExperimentJSON {
    private let row: Experiment
    private let run: Run
    private let region: String

    init(_ row: Experiment, region: String) throws(APIError) {
        self.row = row
        self.region = region
        do throws(StoredFormError) {
            run = try Run(stored: row.run)
        } catch {
            throw APIError(
                .internalFailure,
                "This version of the server cannot read experiment \(row.id).",
                detail: .init(error.description)
            )
        }
    }

    var arn: String { ARN(fis: "experiment/\(row.id)", region: region, account: row.account).description }

    /// One line of a list.
    var summary: JSON {
        .object(
            heading + [
                .init("state", state), .init("creationTime", run.createdAt.json), .init("tags", row.tags),
                .init("experimentOptions", options),
            ]
        )
    }

    var whole: JSON {
        let template = run.template.json
        var members = heading
        func add(_ name: String, _ value: JSON?) { if let value { members.append(.init(name, value)) } }
        add("roleArn", template["roleArn"])
        add("state", state)
        add("targets", template["targets"])
        add("actions", .object(run.actions.map { JSON.Member($0.name, Self.action($0)) }))
        add("stopConditions", template["stopConditions"])
        add("creationTime", run.createdAt.json)
        add("startTime", run.startedAt?.json)
        add("endTime", run.endedAt?.json)
        add("tags", row.tags)
        add("logConfiguration", template["logConfiguration"])
        add("experimentOptions", options)
        if run.template.options.accountTargeting == .multiple {
            add(
                "targetAccountConfigurationsCount",
                .integer(Int64(row.accountConfigurations.elements?.count ?? 0))
            )
        }
        add("experimentReportConfiguration", template["experimentReportConfiguration"])
        return .object(members)
    }

    private var heading: [JSON.Member] {
        [
            .init("id", .string(row.id)), .init("arn", .string(arn)),
            .init("experimentTemplateId", .string(row.template)),
        ]
    }

    /// A run that could not be read once was failed in its row alone.
    private var state: JSON {
        var members: [JSON.Member] = [
            .init("status", .string(row.status)), .init("reason", .string(run.reason)),
        ]
        if let error = run.error {
            var parts: [JSON.Member] = [
                .init("accountId", .string(error.accountID ?? row.account.description)),
                .init("code", .string(error.code.rawValue)),
            ]
            parts.append(.init("location", .string(error.location)))
            members.append(.init("error", .object(parts)))
        }
        return .object(members)
    }

    private var options: JSON {
        .object(
            (run.template.options.json.members ?? []) + [.init("actionsMode", .string(run.mode.rawValue))]
        )
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

import Base
import Experiments
import HTTPServer
import Store

/// `/experiments`: runs of templates.
struct ExperimentRoutes: Sendable {
    let experiments: ExperimentRuns
    let warnings: DialectWarnings
    let region: String

    var all: [Route] {
        [
            Route(.post, "/experiments", "StartExperiment", .holder(of: .start), .task(experimentStart)),
            Route(.get, "/experiments", "ListExperiments", .holder(of: .read), .task(experimentList)),
            Route(
                .get,
                "/experiments/{experimentId}",
                "GetExperiment",
                .holder(of: .read),
                .task(experimentRead)
            ),
            // What ends faults is never refused for asking too often.
            Route(
                .delete,
                "/experiments/{experimentId}",
                "StopExperiment",
                .holder(of: .stop),
                pace: .unlimited,
                .task(experimentStop)
            ),
            Route(
                .get,
                "/experiments/{experimentId}/resolvedTargets",
                "ListExperimentResolvedTargets",
                .holder(of: .read),
                .task(resolvedTargetList)
            ),
            Route(
                .get,
                "/experiments/{experimentId}/targetAccountConfigurations",
                "ListExperimentTargetAccountConfigurations",
                .holder(of: .read),
                .task(accountConfigurationList)
            ),
            Route(
                .get,
                "/experiments/{experimentId}/targetAccountConfigurations/{accountId}",
                "GetExperimentTargetAccountConfiguration",
                .holder(of: .read),
                .task(accountConfigurationRead)
            ),
        ]
    }

    private func experimentStart(_ call: Call) async throws(APIError) -> Reply {
        let request = try StartReader.read(call)
        return try await checked(try await experiments.start(try call.context(), request), call)
    }

    private func experimentRead(_ call: Call) async throws(APIError) -> Reply {
        let row = try await experiments.read(try call.context(), try call.experimentID())
        return try await checked(try .opened(row), call)
    }

    private func experimentStop(_ call: Call) async throws(APIError) -> Reply {
        let row = try await experiments.stop(try call.context(), try call.experimentID())
        return Reply(["experiment": try await whole(try .opened(row), call)])
    }

    private func experimentList(_ call: Call) async throws(APIError) -> Reply {
        let page = try Page(call, of: "ListExperiments")
        let found = try await experiments.list(
            try call.context(),
            template: call.request.query("experimentTemplateId"),
            after: try page.after { ListPlace(cursor: $0) },
            limit: page.fetched
        )
        let account = try call.caller().account
        return page.reply("experiments", found, cursor: \.place.cursor) { summary in
            ExperimentJSON.summary(summary, account: account, region: region)
        }
    }

    private func resolvedTargetList(_ call: Call) async throws(APIError) -> Reply {
        let page = try Page(call, of: "ListExperimentResolvedTargets")
        let json = try await read(call)
        let name = call.request.query("targetName")
        if let name, !json.hasTarget(name) {
            throw .validation(
                "targetName is \"\(EchoedText(name))\": the name of one of the template's targets is accepted."
            )
        }
        let all = Array(json.resolvedTargets(of: name).enumerated())
        let start = try page.after { Int($0) } ?? -1
        let found = Array(all.dropFirst(start + 1).prefix(page.fetched))
        return page.reply("resolvedTargets", found, cursor: { String($0.offset) }, \.element)
    }

    private func accountConfigurationList(_ call: Call) async throws(APIError) -> Reply {
        let page = try Page(call, of: "ListExperimentTargetAccountConfigurations")
        let row = try await experiments.read(try call.context(), try call.experimentID())
        let all = Array((row.accountConfigurations.elements ?? []).enumerated())
        let start = try page.after { Int($0) } ?? -1
        let found = Array(all.dropFirst(start + 1).prefix(page.fetched))
        return page.reply("targetAccountConfigurations", found, cursor: { String($0.offset) }) {
            $0.element.withoutNulls
        }
    }

    private func accountConfigurationRead(_ call: Call) async throws(APIError) -> Reply {
        let id = try call.experimentID()
        let row = try await experiments.read(try call.context(), id)
        let account = call.request.capture(1) ?? ""
        let found = row.accountConfigurations.elements?.first { $0["accountId"]?.text == account }
        guard let found else {
            throw .notFound("The experiment \(id) has no configuration for account \(EchoedText(account)).")
        }
        return Reply(["targetAccountConfiguration": found.withoutNulls])
    }

    private func read(_ call: Call) async throws(APIError) -> ExperimentJSON {
        try ExperimentJSON(
            try await experiments.read(try call.context(), try call.experimentID()),
            region: region
        )
    }

    private func whole(_ record: RunRecord, _ call: Call) async throws(APIError) -> JSON {
        let standing = try await experiments.standing(try call.context(), of: record)
        return ExperimentJSON(record, queue: standing, region: region).whole
    }

    /// With what whoever runs it should know, while it runs.
    private func checked(_ record: RunRecord, _ call: Call) async throws(APIError) -> Reply {
        let isOver = record.run.status.isFinal && record.run.mode == .runAll
        let found = isOver ? [] : record.run.overlaps + warnings.of(record.run, record.row.account)
        return Reply(.withWarnings(found, "experiment", try await whole(record, call)))
    }
}

extension Call {
    /// The experiment that the path names.
    ///
    /// What is no experiment's name names none.
    func experimentID() throws(APIError) -> String {
        let text = request.capture(0) ?? ""
        guard let id = ExperimentID(text) else { throw .unknownExperiment(text) }
        return id.description
    }
}

extension JSON {
    /// The same object without members that are null.
    var withoutNulls: JSON { .object((members ?? []).filter { $0.value != .null }) }
}

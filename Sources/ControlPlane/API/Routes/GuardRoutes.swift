import Base
import Experiments
import HTTPServer
import SafetyLever
import Store

/// `/experiments/{experimentId}/guards`: what is watched for a run, how it stands, and what every look at it found.
struct GuardRoutes: Sendable {
    let experiments: ExperimentRuns

    var all: [Route] {
        [
            Route(
                .get,
                "/experiments/{experimentId}/guards",
                "ListExperimentGuards",
                .holder(of: .read),
                .task(guardList)
            )
        ]
    }

    private func guardList(_ call: Call) async throws(APIError) -> Reply {
        let (context, id) = (try call.context(), try call.experimentID())
        let page = try Page(call, of: "ListExperimentGuards")
        let place = try page.after { EvaluationPlace(cursor: $0) }
        let name = call.request.query("guard")
        let found = try await experiments.guards(
            context,
            of: id,
            name: name,
            before: place,
            limit: page.fetched
        )
        return page.reply(
            "evaluations",
            found.evaluations,
            cursor: { EvaluationPlace(at: $0.at, name: $0.name).cursor },
            beside: [.init("guards", .array(found.guards.map(Self.json)))]
        ) { look in
            [
                "guard": .string(look.name), "round": .integer(look.round), "at": look.at.json,
                "readings": look.readings,
            ]
        }
    }
}

/// Where a page of looks ended.
struct EvaluationPlace: Sendable {
    let at: Timestamp
    let name: String

    var cursor: String { "\(at.nanoseconds) \(name)" }
}

extension EvaluationPlace {
    init?(cursor: String) {
        let parts = cursor.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let nanoseconds = Int64(parts[0]) else { return nil }
        self.init(at: Timestamp(nanoseconds: nanoseconds), name: String(parts[1]))
    }
}

extension GuardRoutes {
    private static func json(_ found: RunGuard) -> JSON {
        [
            "name": .string(found.name), "guardedUntil": found.guardedUntil?.json ?? .null,
            "conditions": .array(GuardState(found.state).entries.map(json)),
        ]
    }

    private static func json(_ entry: GuardState.Entry) -> JSON {
        let isUnread = entry.verdict.map { !$0.isRead } ?? false
        return [
            "name": .string(entry.name), "source": .string(entry.source), "value": .string(entry.value),
            // Null where nobody has looked yet.
            "verdict": entry.verdict.map { .string($0.rawValue) } ?? .null,
            "reading": .string(entry.last?.value ?? ""), "threshold": .string(entry.last?.threshold ?? ""),
            "latencySeconds": entry.last.map { .number($0.latency.inSeconds) } ?? .null,
            "readAt": moment(entry.state.readAt), "breachedSince": moment(entry.state.breachedSince),
            "unreadableSince": isUnread ? moment(entry.state.readAt ?? entry.state.failedAt) : .null,
        ]
    }

    private static func moment(_ nanoseconds: Int64?) -> JSON {
        nanoseconds.map { Timestamp(nanoseconds: $0).json } ?? .null
    }
}

import Base
import Experiments
import HTTPServer
import Store

/// What happened in a run: its events, read or followed, and FIS's log made of them.
struct EventRoutes: Sendable {
    let experiments: ExperimentRuns
    let region: String

    /// How long a follower waits before it looks again.
    private static let lookAgain: Duration = .milliseconds(500)
    private static let batch = 100

    var all: [Route] {
        [
            Route(
                .get,
                "/experiments/{experimentId}/events",
                "ListExperimentEvents",
                .holder(of: .read),
                .task(eventList)
            ),
            Route(
                .get,
                "/experiments/{experimentId}/log",
                "GetExperimentLog",
                .holder(of: .read),
                .task(log)
            ),
        ]
    }

    private func eventList(_ call: Call) async throws(APIError) -> Reply {
        let row = try await experiments.read(try call.context(), try call.experimentID())
        if call.request.header("accept")?.hasPrefix("text/event-stream") == true {
            return .stream(contentType: "text/event-stream", follow(row, after: Self.lastSeen(call)))
        }
        let page = try Page(call, of: "ListExperimentEvents")
        let found = try await experiments.events(
            of: row,
            after: try page.after { Int($0) } ?? 0,
            limit: page.fetched
        )
        return page.reply("events", found, cursor: { String($0.number) }, Self.json)
    }

    private func log(_ call: Call) async throws(APIError) -> Reply {
        let row = try await experiments.read(try call.context(), try call.experimentID())
        let json = try ExperimentJSON(row, region: region)
        var events: [RunEvent] = []
        var last = 0
        while true {
            let found = try await experiments.events(of: row, after: last, limit: Self.batch)
            for event in found { events.append(try Self.runEvent(event, of: row)) }
            guard found.count == Self.batch, let end = found.last else { break }
            last = end.number
        }
        let lines = json.log(events).map { String(decoding: $0.encoded, as: UTF8.self) + "\n" }
        return Reply(text: lines.joined(), contentType: "application/jsonl")
    }

    private static func runEvent(_ event: ExperimentEvent, of row: Experiment) throws(APIError) -> RunEvent {
        do throws(StoredFormError) {
            return try RunEvent(stored: event.payload)
        } catch {
            throw APIError(
                .internalFailure,
                "This version of the server cannot read event \(event.number) of experiment \(row.id).",
                detail: .init(error.description)
            )
        }
    }

    private static func json(_ event: ExperimentEvent) -> JSON {
        let head: [JSON.Member] = [
            .init("number", .integer(Int64(event.number))),
            .init("time", event.payload["at"]?.whole.map { Timestamp(nanoseconds: $0).json } ?? .null),
        ]
        let payload = (event.payload.members ?? []).filter { $0.name != "at" }
        return .object(head + payload + [.init("digest", .string(Hex.encode(event.digest)))])
    }
}

extension EventRoutes {
    /// Where a follower that lost its connection goes on; the client's own header says it (WHATWG HTML, section 9.2).
    private static func lastSeen(_ call: Call) -> Int {
        call.request.header("last-event-id").flatMap { Int($0) }.map { max(0, $0) } ?? 0
    }

    /// Sends every event as it comes, until the run has ended and all were sent.
    private func follow(_ row: Experiment, after seen: Int) -> @Sendable (ByteSink) async throws -> Void {
        { [experiments] sink in
            var last = seen
            while true {
                let current = try await experiments.state(of: row)
                let found = try await experiments.events(of: row, after: last, limit: Self.batch)
                for event in found {
                    try await sink.write(Self.frame(event))
                    last = event.number
                }
                if !found.isEmpty { continue }
                guard let current, current.endedAt == nil || last < current.eventCount else { break }
                // Also shows the server that a follower has gone.
                try await sink.write(Array(": waiting\n\n".utf8))
                try await Task.sleep(for: Self.lookAgain)
            }
            try await sink.write(Array("event: end\ndata: {}\n\n".utf8))
        }
    }

    private static func frame(_ event: ExperimentEvent) -> [UInt8] {
        Array("id: \(event.number)\nevent: change\ndata: ".utf8) + json(event).encoded + Array("\n\n".utf8)
    }
}

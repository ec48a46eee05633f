import Base
import Experiments
import TestSupport
import Testing

@testable import ControlPlane

/// `/experiments/{experimentId}/events` and `/log`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct EventRoutesTests {
    /// One frame of a stream of server-sent events.
    private struct Frame: Equatable {
        var id: Int?
        var event = ""
        var data = ""

        /// Nil for a comment.
        init?(_ text: Substring) {
            if text.hasPrefix(":") { return nil }
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ": ", maxSplits: 1)
                guard parts.count == 2 else { return nil }
                switch parts[0] {
                case "id": id = Int(parts[1])
                case "event": event = String(parts[1])
                default: data = String(parts[1])
                }
            }
        }

        var json: JSON? { try? JSON(parsing: Array(data.utf8)) }
    }

    /// Follows a run to its end.
    private func follow(
        _ plane: Plane,
        _ id: String,
        after last: String? = nil,
        begun: (() throws -> Void)? = nil
    ) throws -> [Frame] {
        var ask = Ask("GET", "/experiments/\(id)/events", as: try plane.admin.bearer)
        ask.headers = ["Accept: text/event-stream"]
        if let last { ask.headers.append("Last-Event-ID: \(last)") }
        let client = try RawClient(port: plane.node.address.port, timeLimit: .seconds(30))
        try client.send(ask.bytes(host: plane.node.address.description))
        let head = try #require(try client.responseHead())
        #expect(head.status == 200 && head.headers["content-type"] == "text/event-stream")
        var text = ""
        while let chunk = try client.readChunk() {
            if text.isEmpty { try begun?() }
            text += String(decoding: chunk, as: UTF8.self)
        }
        #expect(text.hasSuffix("\n\n"))
        return text.split(separator: "\n\n").compactMap { Frame($0) }
    }

    private func ended(_ plane: Plane) async throws -> String {
        try plane.function()
        let id = try plane.start(try plane.template(Sample.delay()), [Sample.skipped])
        try await plane.wait(for: "completed", of: id)
        return id
    }

    @Test func `events tell every change in order, each tied to the one before it`() async throws {
        try await withPlane { plane in
            let id = try await ended(plane)
            let answer = try plane.ask("GET", "/experiments/\(id)/events")
            let events = try #require(answer.json?["events"]?.elements, "\(answer.text)")
            let told = events.map { event in
                "\(event["number"]?.whole ?? 0) \(event["subject"]?.text ?? "") \(event["to"]?.text ?? "")"
            }
            #expect(
                told == [
                    "1 \(id) pending", "2 \(id) initiating", "3 One completed", "4 Delay skipped",
                    "5 \(id) running", "6 \(id) completed",
                ]
            )
            #expect(
                events.first?.members?.map(\.name) == [
                    "number", "time", "kind", "subject", "from", "to", "reason", "digest",
                ]
            )
            #expect(events[2]["resources"] == [.string(Sample.arn)])
            let times = events.compactMap { $0["time"]?.double }
            #expect(times.count == 6 && times == times.sorted())
            #expect(Set(events.compactMap { $0["digest"]?.text }).count == 6)
        }
    }

    @Test func `events are read a page at a time`() async throws {
        try await withPlane { plane in
            let path = "/experiments/\(try await ended(plane))/events"
            let whole = try plane.ask("GET", path).json?["events"]?.elements ?? []
            var seen: [JSON] = []
            var next = path + "?maxResults=4"
            while true {
                let page = try plane.ask("GET", next)
                seen += page.json?["events"]?.elements ?? []
                guard let token = page.json?["nextToken"]?.text else { break }
                next = path + "?maxResults=4&nextToken=\(token)"
            }
            #expect(seen == whole && seen.count == 6)
        }
    }

    @Test func `a run that has ended is followed from any event on, and the end is told`() async throws {
        try await withPlane { plane in
            let id = try await ended(plane)
            let listed = try plane.ask("GET", "/experiments/\(id)/events").json?["events"]?.elements
            let all = try follow(plane, id)
            #expect(all.dropLast().map(\.id) == [1, 2, 3, 4, 5, 6])
            #expect(all.dropLast().allSatisfy { $0.event == "change" })
            #expect(all.dropLast().compactMap(\.json) == listed)
            let end = try #require(all.last)
            #expect(end.event == "end" && end.data == "{}" && end.id == nil)
            let cases: [(last: String, rest: [Int])] = [
                ("4", [5, 6]), ("6", []), ("99", []), ("x", Array(1...6)), ("-1", Array(1...6)),
            ]
            for (last, rest) in cases {
                let frames = try follow(plane, id, after: last)
                #expect(frames.dropLast().map(\.id) == rest, "after \(last)")
                #expect(frames.last == end, "after \(last)")
            }
        }
    }

    @Test func `a run is followed while it runs, to its end`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            let frames = try follow(plane, id) {
                let stopped = try plane.ask("DELETE", "/experiments/\(id)")
                #expect(stopped.status == 200)
            }
            let (last, end) = (frames.dropLast().last, frames.last)
            #expect(last?.json?["to"] == "stopped" && last?.json?["subject"]?.text == id)
            #expect(end?.event == "end")
            #expect(frames.dropLast().map(\.id) == Array(1...(frames.count - 1)))
        }
    }

    @Test func `the log tells the run in FIS's records`() async throws {
        try await withPlane { plane in
            let id = try await plane.delaying()
            #expect(try plane.ask("DELETE", "/experiments/\(id)").status == 200)
            try await plane.wait(for: "stopped", of: id)
            let answer = try plane.ask("GET", "/experiments/\(id)/log")
            #expect(answer.headers["content-type"] == "application/jsonl")
            let lines = try answer.text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
            #expect(answer.text.hasSuffix("\n"))
            #expect(
                lines.map { $0["log_type"]?.text } == [
                    "experiment-start", "target-resolution-start", "target-resolution-detail",
                    "target-resolution-end", "action-start", "action-end", "experiment-end",
                ]
            )
            #expect(lines.allSatisfy { $0["id"]?.text == id && $0["version"] == "2" })
            let end = lines.last?["details"]?["experiment_state"]
            #expect(end == ["status": "stopped", "reason": "Experiment stopped by request."])
            let resolved = lines[3]["details"]?["resolved_targets"]
            #expect(resolved == [["arn": .string(Sample.arn)]])
        }
    }
}

import Base
import TestSupport
import Testing

/// Asks one server for one run, by the control socket, and looks through what became of it.
struct RunDrill: Sendable {
    static let function = "arn:aws:lambda:us-east-1:000000000000:function:checkout"
    private static let encoded = "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Acheckout"

    let server: Server

    init(_ server: Server) { self.server = server }

    func ask(_ method: String, _ path: String, _ body: JSON? = nil) throws -> JSON {
        let answer = try server.control(method, path, body)
        guard answer.status == 200, let json = answer.json else {
            throw Trouble("\(method) \(path): \(answer.status) \(answer.text)")
        }
        return json
    }

    /// Makes the template and starts the run; nil where the server died before it could answer.
    func begin(_ way: CrashMatrixTests.Way) throws -> String? {
        let id = try prepare(way)
        if way.isHeldBack { _ = try ask("POST", "/emergency-stop", ["reason": "drill"]) }
        guard let run = start(way, id) else { return nil }
        if way.isStopped {
            _ = try poll(run) { $0 == "running" }
            // The server may die of it.
            _ = try? ask("DELETE", "/experiments/\(run)")
        }
        return run
    }

    /// Registers the function and makes the template; says its id.
    func prepare(_ way: CrashMatrixTests.Way) throws -> String {
        _ = try ask(
            "PUT",
            "/v1/targets/\(Self.encoded)",
            ["resourceType": "aws:lambda:function", "tags": ["env": "prod"], "attributes": [:]]
        )
        var template = way.template.members ?? []
        template.append(.init("clientToken", "template"))
        let made = try ask("POST", "/experimentTemplates", .object(template))
        return made["experimentTemplate"]?["id"]?.text ?? ""
    }

    func start(_ way: CrashMatrixTests.Way, _ template: String, token: String = "run") -> String? {
        try? ask("POST", "/experiments", Self.startBody(way, template, token: token))["experiment"]?["id"]?
            .text
    }

    static func startBody(_ way: CrashMatrixTests.Way, _ template: String, token: String) -> JSON {
        [
            "clientToken": .string(token), "experimentTemplateId": .string(template),
            "experimentOptions": ["actionsMode": .string(way.mode)],
        ]
    }

    /// Starts again with the same token, stops again where the run is to be stopped, and waits for the end.
    func finish(_ way: CrashMatrixTests.Way, known: String?) async throws -> JSON {
        let template = try ask("GET", "/experimentTemplates")["experimentTemplates"]?[0]?["id"]?.text ?? ""
        let run = try #require(start(way, template))
        if let known { #expect(run == known) }
        if way.isStopped { _ = try ask("DELETE", "/experiments/\(run)") }
        return try poll(run) { ["completed", "stopped", "failed", "cancelled"].contains($0) }
    }

    func poll(_ run: String, until isWanted: (String) -> Bool) throws -> JSON {
        let deadline = Instant.now + .seconds(30)
        while true {
            let found = try ask("GET", "/experiments/\(run)")["experiment"] ?? .null
            if isWanted(found["state"]?["status"]?.text ?? "") { return found }
            guard Instant.now < deadline else { throw Trouble("still \(found)") }
            _ = try Readiness.wait(for: [], until: .now + .milliseconds(20))
        }
    }

    func count() throws -> Int { try ask("GET", "/experiments")["experiments"]?.elements?.count ?? -1 }

    /// Every change follows the one before it, none happens twice, and an action ends when it was to end.
    func checkHistory(of run: JSON) throws {
        let id = run["id"]?.text ?? ""
        let events = try ask("GET", "/experiments/\(id)/events")["events"]?.elements ?? []
        #expect(events.map { $0["number"]?.whole } == (1...max(1, events.count)).map { Int64($0) })
        var states: [String: String] = [:]
        for event in events {
            let subject = "\(event["kind"]?.text ?? "") \(event["subject"]?.text ?? "")"
            let from = event["from"]?.text
            if let known = states[subject] { #expect(from == known, "\(event)") }
            states[subject] = event["to"]?.text
        }
        #expect(states["experiment.state-changed \(id)"] == run["state"]?["status"]?.text)
        for action in run["actions"]?.members ?? [] {
            let state = action.value["state"]?["status"]?.text
            #expect(states["action.state-changed \(action.name)"] ?? "pending" == state)
            guard state == "completed", let start = action.value["startTime"]?.double,
                let end = action.value["endTime"]?.double
            else { continue }
            #expect(abs(end - start - 1) < 0.002, "\(action)")
        }
    }

    /// Nothing is served any more: at once by the node that ended the run, and within a second by the others.
    func checkDocument() async throws {
        let isEmpty = try await holds(within: .seconds(5)) {
            try ask("GET", "/v1/faults/\(Self.encoded)?instance=i-1")["faults"] == []
        }
        #expect(isEmpty)
    }
}

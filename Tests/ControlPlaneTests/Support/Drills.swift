import Base
import Experiments
import TestSupport
import Testing

@testable import ControlPlane

/// What tests of experiments begin with.
extension Sample {
    /// A template that publishes a delay of two seconds to a function for that long.
    static func delay(
        of function: String = "checkout",
        account: String = "000000000000",
        for duration: String = "PT5M",
        _ changes: [JSON.Member] = []
    ) -> JSON {
        let arn = "arn:aws:lambda:us-east-1:\(account):function:\(function)"
        let action: JSON = [
            "actionId": "aws:lambda:invocation-add-delay",
            "parameters": ["duration": .string(duration), "startupDelayMilliseconds": "2000"],
            "targets": ["Functions": "One"],
        ]
        let target: JSON = [
            "resourceType": "aws:lambda:function", "resourceArns": [.string(arn)], "selectionMode": "ALL",
        ]
        let members: [JSON.Member] = [.init("actions", ["Delay": action]), .init("targets", ["One": target])]
        return template(token: fresh(), members + changes)
    }

    /// What starts a run of a template.
    static func start(_ template: String, token: String = fresh(), _ more: [JSON.Member] = []) -> JSON {
        .object(
            [
                .init("clientToken", .string(token)), .init("experimentTemplateId", .string(template)),
            ] + more
        )
    }

    /// Ends as soon as somebody looks.
    static let skipped = JSON.Member("experimentOptions", ["actionsMode": "skip-all"])
}

extension Plane {
    /// Starts a run; says its id.
    func start(
        _ template: String,
        as proof: Ask.Proof? = nil,
        _ more: [JSON.Member] = [],
        at place: SourceLocation = #_sourceLocation
    ) throws -> String {
        let body = Sample.start(template, more)
        let answer = try ask(Ask("POST", "/experiments", as: proof ?? admin.bearer, body), at: place)
        return try #require(
            answer.json?["experiment"]?["id"]?.text,
            "\(answer.text)",
            sourceLocation: place
        )
    }

    func experiment(_ id: String, as proof: Ask.Proof? = nil) throws -> JSON? {
        try ask(Ask("GET", "/experiments/\(id)", as: proof ?? admin.bearer)).json?["experiment"]
    }

    func status(_ id: String, as proof: Ask.Proof? = nil) throws -> String {
        try experiment(id, as: proof)?["state"]?["status"]?.text ?? ""
    }

    /// Waits until a run has that status.
    func wait(
        for status: String,
        of id: String,
        as proof: Ask.Proof? = nil,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        let isThere = try await soon { try self.status(id, as: proof) == status }
        let found = try self.status(id, as: proof)
        try #require(isThere, "it is \(found)", sourceLocation: place)
    }

    /// Registers a function of the account that the key belongs to.
    func function(_ name: String = "checkout", as proof: Ask.Proof? = nil) throws {
        let body: JSON = ["resourceType": "aws:lambda:function"]
        let answer = try ask(Ask("PUT", "/v1/targets/\(name)", as: proof ?? admin.bearer, body))
        #expect(answer.status == 200, "\(answer.text)")
    }

    /// A run that publishes a delay, waited for until it does.
    func delaying(_ function: String = "checkout", for duration: String = "PT5M") async throws -> String {
        try self.function(function)
        let id = try start(try template(Sample.delay(of: function, for: duration)))
        try await wait(for: "running", of: id)
        return id
    }

    /// The lever's state as FIS shows it.
    func lever() throws -> JSON? { try ask("GET", "/safetyLevers/default").json?["safetyLever"]?["state"] }

    /// Waits until an engagement has stopped everything.
    func waitUntilEngaged() async throws {
        let isEngaged = try await soon { try lever()?["status"]?.text == "engaged" }
        try #require(isEngaged)
    }

    /// The same where the node may have no key of its own.
    func waitUntilEngagedByControl() async throws {
        let isEngaged = try await soon {
            try askControl(Ask("GET", "/emergency-stop")).json?["status"] == "engaged"
        }
        try #require(isEngaged)
    }

    /// Looks until `isTrue` says so, seldom enough for a key's allowance; false where that took half a minute.
    func soon(_ isTrue: () async throws -> Bool) async throws -> Bool {
        try await holds(within: .seconds(30)) {
            if try await isTrue() { return true }
            _ = try Base.Readiness.wait(for: [], until: .now + .milliseconds(20))
            return false
        }
    }
}

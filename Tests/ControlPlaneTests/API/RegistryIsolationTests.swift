import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Another account's templates, configurations, tags, targets and experiments are as unknown as none.
@Suite(.timeLimit(.minutes(10))) struct RegistryIsolationTests {
    @Test func `every route to a resource of another account leads to nothing, and changes nothing`()
        async throws
    {
        try await withPlane { plane in
            let callers = try Callers(plane)
            let thief = try #require(callers.keys[.otherAdmin]).signature
            let rows = AuthorizationRow.all.filter { row in
                ["{templateId}", "{resourceArn}", "{arn}", "{experimentId}", "{name}", "{alarmName}"].contains
                {
                    row.path.contains($0)
                }
            }
            #expect(rows.count == 32)
            for row in rows {
                let ours = try row.filledIn(callers, of: .admin).ask
                let audited = try plane.ask("GET", "/v1/audit").text
                let answer = try plane.ask(Ask(ours.method, ours.path, as: thief, row.body))
                if ["PutTarget", "PutBinding", "PutAlarm"].contains(row.name) {
                    // These are each account's own: this makes another of the same name.
                    #expect(answer.status == 200)
                } else {
                    #expect(answer.failure?.status == 404, "\(row.name): \(answer.text)")
                    #expect(answer.failure?.code == "ResourceNotFoundException", "\(row.name)")
                }
                #expect(try plane.ask("GET", "/v1/audit").text == audited, "\(row.name)")
                let answered = try plane.askControl(ours)
                #expect(answered.status == 200, "\(row.name) by its owner: \(answered.text)")
            }
        }
    }

    @Test func `lists hold the account's own`() async throws {
        try await withPlane { plane in
            let theirs = try plane.key(.admin, account: try plane.account("222222222222"))
            try plane.template()
            let body: JSON = ["resourceType": "aws:lambda:function"]
            #expect(try plane.ask("PUT", "/v1/targets/checkout", body).status == 200)
            let templates = try plane.ask(Ask("GET", "/experimentTemplates", as: theirs.bearer))
            #expect(templates.text == #"{"experimentTemplates":[]}"#)
            let targets = try plane.ask(Ask("GET", "/v1/targets", as: theirs.bearer))
            #expect(targets.text == #"{"targets":[]}"#)
            let binding: JSON = ["target": "checkout", "dialect": "chaos_lambda"]
            #expect(try plane.ask("PUT", "/v1/bindings/%2Fours", binding).status == 200)
            let bindings = try plane.ask(Ask("GET", "/v1/bindings", as: theirs.bearer))
            #expect(bindings.text == #"{"bindings":[]}"#)
            let named = try plane.ask(Ask("PUT", "/v1/targets/checkout", as: theirs.bearer, body))
            let arn = "arn:aws:lambda:us-east-1:222222222222:function:checkout"
            #expect(named.json?["target"]?["arn"]?.text == arn, "a bare name is the key's own account's")
        }
    }

    @Test func `the same client token in another account is another`() async throws {
        try await withPlane { plane in
            let theirs = try plane.key(.editor, account: try plane.account("222222222222"))
            let ours = try plane.template(Sample.template())
            #expect(try plane.template(Sample.template(), as: theirs.bearer) != ours)
        }
    }

    @Test func `the audit tells what was done to templates and targets`() async throws {
        try await withPlane { plane in
            let id = try plane.template(Sample.template([Sample.forSeveralAccounts]))
            let path = "/experimentTemplates/\(id)"
            _ = try plane.ask("PATCH", path, ["description": "another"])
            let configuration = "\(path)/targetAccountConfigurations/111111111111"
            _ = try plane.ask("POST", configuration, ["roleArn": .string(Sample.role)])
            _ = try plane.ask("PATCH", configuration, ["description": "x"])
            _ = try plane.ask("DELETE", configuration)
            _ = try plane.ask("DELETE", path)
            _ = try plane.ask("PUT", "/v1/targets/checkout", ["resourceType": "aws:lambda:function"])
            _ = try plane.ask("DELETE", "/v1/targets/checkout")
            let binding: JSON = ["target": "checkout", "dialect": "chaos_lambda"]
            for _ in 0..<2 { _ = try plane.ask("PUT", "/v1/bindings/%2Fours", binding) }
            _ = try plane.ask("DELETE", "/v1/bindings/%2Fours")
            let events = try plane.ask("GET", "/v1/audit?maxResults=10").json?["events"]?.elements ?? []
            let told = events.map { "\($0["action"]?.text ?? "") \($0["subject"]?.text ?? "")" }
            #expect(
                told == [
                    "binding.deleted /ours", "binding.put /ours", "target.deleted \(Sample.arn)",
                    "target.registered \(Sample.arn)",
                    "template.deleted \(id)", "account-configuration.deleted \(id)/111111111111",
                    "account-configuration.updated \(id)/111111111111",
                    "account-configuration.created \(id)/111111111111",
                    "template.updated \(id)", "template.created \(id)",
                ]
            )
        }
    }
}

import Base
import TestSupport
import Testing

@testable import ControlPlane

/// `/experimentTemplates/{templateId}/targetAccountConfigurations`, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct AccountConfigurationRoutesTests {
    private static let role = "arn:aws:iam::111111111111:role/fis"
    private static let body: JSON = ["roleArn": .string(role), "description": "first", "clientToken": "t"]

    /// A template for several accounts, by the path of its configurations.
    private func path(_ plane: Plane) throws -> String {
        let body = Sample.template(token: Sample.fresh(), [Sample.forSeveralAccounts])
        return "/experimentTemplates/\(try plane.template(body))/targetAccountConfigurations"
    }

    @Test func `a configuration is made, shown, changed and deleted`() async throws {
        try await withPlane { plane in
            let path = try path(plane)
            let first = "\(path)/111111111111"
            let made = try plane.ask("POST", first, Self.body)
            let shown =
                #"{"targetAccountConfiguration":{"accountId":"111111111111","roleArn":"\#(Self.role)","description":"first"}}"#
            #expect(made.text == shown)
            #expect(try plane.ask("GET", first).text == shown)
            #expect(try plane.ask("POST", first, Self.body).text == shown, "the same token and request")

            let bare = try plane.ask("POST", "\(path)/222222222222", ["roleArn": .string(Self.role)])
            #expect(
                bare.json?["targetAccountConfiguration"]
                    == ["accountId": "222222222222", "roleArn": .string(Self.role)]
            )
            let listed = try plane.ask("GET", path).json?["targetAccountConfigurations"]?.elements
            #expect(listed?.map { $0["accountId"]?.text } == ["111111111111", "222222222222"])
            let template = try plane.ask("GET", path.replacing("/targetAccountConfigurations", with: ""))
            #expect(template.json?["experimentTemplate"]?["targetAccountConfigurationsCount"] == 2)

            let changed = try plane.ask("PATCH", first, ["description": ""])
            #expect(changed.text == shown.replacing("first", with: ""))
            #expect(try plane.ask("PATCH", first).text == changed.text)
            #expect(try plane.ask("DELETE", first).text == changed.text)
            let id = path.split(separator: "/")[1]
            let told = "The experiment template \(id) has no configuration for account 111111111111."
            for method in ["GET", "PATCH", "DELETE"] {
                #expect(
                    try plane.ask(method, first).failure == .init(404, "ResourceNotFoundException", told)
                )
            }
        }
    }

    @Test func `a template for a single account takes none, and does not count them`() async throws {
        try await withPlane { plane in
            let id = try plane.template()
            let path = "/experimentTemplates/\(id)/targetAccountConfigurations"
            let answer = try plane.ask("POST", "\(path)/111111111111", Self.body)
            let told =
                "The experiment template \(id) has accountTargeting single-account: "
                + "one with multi-account, which only a new template can have, is accepted."
            #expect(answer.failure == .init(409, "ConflictException", told))
            #expect(try plane.ask("GET", path).text == #"{"targetAccountConfigurations":[]}"#)
            let template = try plane.ask("GET", "/experimentTemplates/\(id)").json?["experimentTemplate"]
            #expect(template?["targetAccountConfigurationsCount"] == nil)
        }
    }

    @Test func `an account has one, a token is used once, and a template has no more than it may`()
        async throws
    {
        try await withPlane {
            $0.quotas.accountConfigurations = 1
        } _: { plane in
            let path = try path(plane)
            let id = path.split(separator: "/")[1]
            #expect(try plane.ask("POST", "\(path)/111111111111", Self.body).status == 200)
            let role: JSON = ["roleArn": .string(Self.role)]
            let again = try plane.ask("POST", "\(path)/111111111111", role)
            let exists = "The experiment template \(id) has a configuration for account 111111111111 already."
            #expect(again.failure == .init(409, "ConflictException", exists))
            let reused = try plane.ask("POST", "\(path)/222222222222", Self.body)
            let token = "The clientToken was used before with another request: a new one is accepted."
            #expect(reused.failure == .init(409, "ConflictException", token))
            let more = try plane.ask("POST", "\(path)/222222222222", role)
            let quota =
                "The experiment template has 1 account configurations, which is as many as it may have: delete some."
            #expect(more.failure == .init(402, "ServiceQuotaExceededException", quota))
        }
    }

    @Test func `all that is wrong is named`() async throws {
        try await withPlane { plane in
            let path = try path(plane)
            let created = try plane.ask(
                "POST",
                "\(path)/12%2034",
                ["roleArn": "x", "description": .string(String(repeating: "d", count: 513)), "who": 1]
            )
            let d = String(repeating: "d", count: 100)
            #expect(
                created.failure?.message
                    == #"accountId is "12 34": an account of 12 to 48 characters without spaces is accepted; "#
                    + #"roleArn is "x": an ARN of 20 to 2048 characters is accepted; "#
                    + #"description is "\#(d)": a text of at most 512 characters is accepted; "#
                    + "who is not known here: clientToken, description, roleArn are."
            )
            let updated = try plane.ask("PATCH", "\(path)/111111111111", ["clientToken": "t", "roleArn": 1])
            #expect(
                updated.failure?.message
                    == "roleArn is a number: an ARN of 20 to 2048 characters is accepted; "
                    + "clientToken is not known here: description, roleArn are."
            )
            let none = try plane.ask("GET", "/experimentTemplates/EXT0/targetAccountConfigurations")
            let told = "There is no experiment template EXT0 in this account."
            #expect(none.failure == .init(404, "ResourceNotFoundException", told))
        }
    }
}

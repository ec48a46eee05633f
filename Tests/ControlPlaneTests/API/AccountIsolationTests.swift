import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Nothing crosses accounts, and only the deployment's admin acts for another.
@Suite(.timeLimit(.minutes(10))) struct AccountIsolationTests {
    @Test func `another account's keys are neither listed nor revoked`() async throws {
        try await withPlane { plane in
            let other = try plane.account("222222222222")
            let theirs = try plane.key(.admin, account: other)
            let ours = try plane.key(.admin)
            let listed = try plane.ask(Ask("GET", "/v1/keys", as: theirs.bearer))
            #expect(listed.json?["keys"]?.elements?.map { $0["id"]?.text } == [theirs.id])

            let revoked = try plane.ask(Ask("DELETE", "/v1/keys/\(ours.id)", as: theirs.bearer))
            let unknown = "There is no key \(ours.id) in this account."
            #expect(revoked.failure == .init(404, "ResourceNotFoundException", unknown))
            #expect(try plane.ask(Ask("GET", "/v1/whoami", as: ours.bearer)).status == 200)

            let back = try plane.ask(Ask("DELETE", "/v1/keys/\(theirs.id)", as: ours.bearer))
            #expect(back.failure?.status == 404)
            #expect(try plane.ask(Ask("GET", "/v1/whoami", as: theirs.bearer)).status == 200)
        }
    }

    @Test func `naming another account tells nobody whether it exists`() async throws {
        try await withPlane { plane in
            let other = try plane.account("222222222222")
            let theirs = try plane.key(.admin, account: other)
            for account in ["000000000000", "333333333333"] {
                let asks = [
                    Ask("GET", "/v1/keys?account=\(account)"),
                    Ask("DELETE", "/v1/keys/\(theirs.id)?account=\(account)"),
                    Ask("POST", "/v1/keys", ["role": "admin", "name": "x", "account": .string(account)]),
                ]
                for ask in asks {
                    var ask = ask
                    ask.proof = theirs.signature
                    let message = "There is no account \(account) that this key may manage."
                    #expect(
                        try plane.ask(ask).failure == .init(404, "ResourceNotFoundException", message),
                        "\(ask.method) \(ask.path)"
                    )
                }
            }
        }
    }

    @Test func `the deployment's admin manages every account's keys`() async throws {
        try await withPlane { plane in
            let admin = try plane.admin
            let made = try plane.ask(
                Ask("POST", "/v1/accounts", as: admin.bearer, ["id": "222222222222", "name": "team two"])
            )
            #expect(made.json?["account"]?["id"]?.text == "222222222222")
            let key = try plane.ask(
                Ask(
                    "POST",
                    "/v1/keys",
                    as: admin.bearer,
                    ["role": "admin", "name": "theirs", "account": "222222222222"]
                )
            )
            let id = try #require(key.json?["key"]?["id"]?.text)
            #expect(key.json?["key"]?["account"]?.text == "222222222222")
            let listed = try plane.ask(Ask("GET", "/v1/keys?account=222222222222", as: admin.bearer))
            #expect(listed.json?["keys"]?.elements?.map { $0["id"]?.text } == [id])
            let path = "/v1/keys/\(id)?account=222222222222"
            #expect(try plane.ask(Ask("DELETE", path, as: admin.bearer)).status == 200)
            let unknown = try plane.ask(
                Ask(
                    "POST",
                    "/v1/keys",
                    as: admin.bearer,
                    ["role": "admin", "name": "nobody's", "account": "333333333333"]
                )
            )
            #expect(
                unknown.failure
                    == .init(404, "ResourceNotFoundException", "There is no account 333333333333.")
            )
        }
    }

    @Test func `an account's id and name are its own`() async throws {
        try await withPlane { plane in
            _ = try plane.account("222222222222")
            let sameID = try plane.askControl(
                Ask("POST", "/v1/accounts", ["id": "222222222222", "name": "new"])
            )
            #expect(
                sameID.failure == .init(409, "ConflictException", "Account 222222222222 exists already.")
            )
            let sameName = try plane.askControl(
                Ask("POST", "/v1/accounts", ["id": "333333333333", "name": "team 222222222222"])
            )
            let taken = #"Another account is named "team 222222222222"."#
            #expect(sameName.failure == .init(409, "ConflictException", taken))
            let listed = try plane.askControl(Ask("GET", "/v1/accounts"))
            let ids = listed.json?["accounts"]?.elements?.map { $0["id"]?.text }
            #expect(ids == ["000000000000", "222222222222"])
        }
    }

    @Test func `the audit tells each account what was done to it, by whom, from where and in which request`()
        async throws
    {
        try await withPlane { plane in
            let admin = try plane.admin
            let other = try plane.account("222222222222")
            let theirs = try plane.key(.admin, account: other)
            let body: JSON = ["role": "viewer", "name": "watched"]
            let made = try plane.ask(Ask("POST", "/v1/keys", as: admin.signature, body))
            let id = try #require(made.json?["key"]?["id"]?.text)
            let revoked = try plane.ask(Ask("DELETE", "/v1/keys/\(id)", as: admin.bearer))
            _ = try plane.ask(Ask("DELETE", "/v1/keys/\(id)", as: admin.bearer))

            let events =
                try plane.ask(Ask("GET", "/v1/audit", as: admin.bearer)).json?["events"]?.elements ?? []
            let told = events.map { event in
                ["action", "subject", "actor", "origin"].map { event[$0]?.text ?? "" }.joined(separator: " ")
            }
            let expected = [
                "key.revoked \(id) \(admin.id) api", "key.created \(id) \(admin.id) api",
                "account.created 222222222222 operator control-socket",
                "key.created \(admin.id) system background",
                "deployment.created \(events.dropFirst(4).first?["subject"]?.text ?? "") system background",
                "account.created 000000000000 system background",
            ]
            #expect(told == expected, "\(told)")
            #expect(events.first?["requestId"]?.text == revoked.requestID)
            #expect(events.dropFirst().first?["requestId"]?.text == made.requestID)
            #expect(events.first?["address"]?.text?.hasPrefix("127.0.0.1:") == true)
            #expect(events.dropFirst(2).first?["address"]?.text == "control socket")
            let ours =
                try plane.ask(Ask("GET", "/v1/audit", as: theirs.bearer)).json?["events"]?.elements ?? []
            #expect(ours.map { $0["subject"]?.text } == [theirs.id])
        }
    }

    @Test func `the audit is read a page at a time, newest first`() async throws {
        try await withPlane { plane in
            for _ in 0..<5 { _ = try plane.key(.viewer) }
            var seen: [Int64] = []
            var path = "/v1/audit?maxResults=2"
            while true {
                let page = try plane.askControl(Ask("GET", path))
                let ids = page.json?["events"]?.elements?.compactMap { $0["id"]?.whole } ?? []
                #expect(ids.count <= 2)
                seen += ids
                guard let token = page.json?["nextToken"]?.text else { break }
                path = "/v1/audit?maxResults=2&nextToken=\(token)"
            }
            #expect(seen.count >= 6)
            #expect(seen == seen.sorted(by: >) && Set(seen).count == seen.count)
        }
    }
}

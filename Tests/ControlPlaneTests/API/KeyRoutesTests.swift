import Base
import TestSupport
import Testing

@testable import ControlPlane

/// Making, listing and revoking keys, over HTTP.
@Suite(.timeLimit(.minutes(10))) struct KeyRoutesTests {
    @Test func `a key is shown with its secret once, and works at once`() async throws {
        try await withPlane { plane in
            let admin = try plane.admin
            for round in 0..<20 {
                let body: JSON = ["role": "viewer", "name": .string("number \(round)")]
                let made = try plane.ask(Ask("POST", "/v1/keys", as: admin.bearer, body))
                let id = try #require(made.json?["key"]?["id"]?.text)
                let secret = try #require(made.json?["secret"]?.text)
                plane.secrets.withLock { $0.append(secret) }
                #expect(made.json?.members?.map(\.name) == ["key", "secret", "bearer"])
                #expect(made.json?["bearer"]?.text == "\(id).\(secret)")
                #expect(made.json?["key"]?["createdBy"]?.text == admin.id)
                let me = try plane.ask(Ask("GET", "/v1/whoami", as: .bearer("\(id).\(secret)")))
                #expect(me.text == #"{"account":"000000000000","role":"viewer","keyId":"\#(id)"}"#)
            }
            let listed = try plane.ask(Ask("GET", "/v1/keys", as: admin.bearer))
            #expect(listed.json?["keys"]?.elements?.count == 21)
            #expect(listed.json?["keys"]?.elements?.contains { $0["secret"] != nil } == false)
            for secret in plane.secrets.withLock({ $0 }) { #expect(!listed.text.contains(secret)) }
        }
    }

    @Test func `revoking works at once, and again changes nothing`() async throws {
        try await withPlane { plane in
            let admin = try plane.admin
            for _ in 0..<10 {
                let key = try plane.key(.operator)
                #expect(try plane.ask(Ask("GET", "/v1/whoami", as: key.bearer)).status == 200)
                let path = "/v1/keys/\(key.id)"
                let revoked = try plane.ask(Ask("DELETE", path, as: admin.bearer))
                #expect(revoked.status == 200)
                #expect(revoked.json?["key"]?["revokedAt"]?.double != nil)
                let refused = try plane.ask(Ask("GET", "/v1/whoami", as: key.bearer))
                #expect(refused.failure?.code == "UnrecognizedClientException")
                let again = try plane.ask(Ask("DELETE", path, as: admin.bearer))
                #expect(again.text == revoked.text)
            }
        }
    }

    @Test func `a key may revoke itself`() async throws {
        try await withPlane { plane in
            let key = try plane.key(.admin)
            #expect(try plane.ask(Ask("DELETE", "/v1/keys/\(key.id)", as: key.signature)).status == 200)
            #expect(try plane.ask(Ask("GET", "/v1/keys", as: key.signature)).status == 403)
        }
    }

    @Test(arguments: [
        ("/v1/keys/FPAAAAAAAAAAAAAAAAAA", "There is no key FPAAAAAAAAAAAAAAAAAA in this account."),
        ("/v1/keys/nonsense", "There is no key nonsense."), ("/v1/keys/a%2Fb", "There is no key a/b."),
        ("/v1/keys/%00", "There is no key \u{0}."),
    ])
    func `a key that is not there is not found`(_ path: String, _ message: String) async throws {
        try await withPlane { plane in
            let answer = try plane.ask(Ask("DELETE", path, as: try plane.admin.bearer))
            #expect(answer.failure == .init(404, "ResourceNotFoundException", message))
        }
    }

    @Test func `an agent's pattern is its own, and no other role has one`() async throws {
        try await withPlane { plane in
            let agent = try plane.key(.agent, targets: "arn:aws:lambda:*:function:pay-*")
            let me = try plane.ask(Ask("GET", "/v1/whoami", as: agent.bearer))
            #expect(
                me.text == #"{"account":"000000000000","role":"agent","keyId":"\#(agent.id)","#
                    + #""targetPattern":"arn:aws:lambda:*:function:pay-*"}"#
            )
        }
    }
}

import Base
import ControlPlane
import Testing

@Suite struct BearerTokenTests {
    let fixture = IdentityFixture()

    private func verify(_ header: String) throws(AuthenticationFailure) -> KeyRecord {
        try BearerToken.verify(header: Array(header.utf8).span, in: fixture.table).record
    }

    private func verify(pathToken: String) throws(AuthenticationFailure) -> KeyRecord {
        try BearerToken.verify(pathToken: Array(pathToken.utf8).span, in: fixture.table).record
    }

    @Test(arguments: ["Bearer ", "bearer ", "BEARER   "]) func `the right token names its key`(
        _ scheme: String
    ) throws {
        #expect(try verify(scheme + fixture.token(of: fixture.admin)) == fixture.admin)
    }

    @Test func `every other secret is refused`() {
        let token = fixture.token(of: fixture.admin)
        let wrong = AuthenticationFailure.wrongSecret(fixture.admin.keyID)
        var changed = Array(token.utf8)
        for index in 21..<changed.count {
            changed[index] ^= 1
            #expect(throws: wrong) { try verify("Bearer " + String(decoding: changed, as: UTF8.self)) }
            changed[index] ^= 1
        }
        #expect(throws: wrong) { try verify("Bearer " + token + "0") }
        #expect(throws: wrong) { try verify("Bearer " + token + " ") }
        #expect(throws: wrong) { try verify("Bearer " + token.dropLast()) }
        #expect(throws: wrong) { try verify("Bearer \(fixture.admin.keyID).") }
        #expect(throws: wrong) {
            try verify("Bearer \(fixture.admin.keyID).\(fixture.secret(of: fixture.viewer))")
        }
    }

    @Test func `an unknown, a revoked and a wrong secret's key are told the same and logged apart`() throws {
        let unknown = KeyRecord(
            keyID: IdentityFixture.key("Z"),
            account: IdentityFixture.account,
            role: .admin
        )
        let tokens = [
            (unknown.keyID, fixture.token(of: unknown), "unknown key"),
            (fixture.revoked.keyID, fixture.token(of: fixture.revoked), "revoked key"),
            (fixture.admin.keyID, "\(fixture.admin.keyID).x", "wrong secret for key"),
        ]
        for (key, token, logged) in tokens {
            let failure = try #require(
                #expect(throws: AuthenticationFailure.self) { try verify("Bearer " + token) }
            )
            #expect(failure.code == .unrecognized)
            #expect(
                failure.message == "The key \(key) is not known, was revoked, or does not have this secret."
            )
            #expect(failure.logged == .string("\(logged) \(key)"))
        }
    }

    @Test func `a revoked key with the wrong secret is not called revoked`() {
        #expect(throws: AuthenticationFailure.wrongSecret(fixture.revoked.keyID)) {
            try verify("Bearer \(fixture.revoked.keyID).x")
        }
    }

    @Test(arguments: [
        "Bearer ", "Bearer x", "Bearer FPAAAAAAAAAAAAAAAAAA", "Bearer FPAAAAAAAAAAAAAAAAAA:x",
        "Bearer FPAAAAAAAAAAAAAAAAA1.x", "Bearer \tFPAAAAAAAAAAAAAAAAAA.x",
    ])
    func `what is not a token is refused as such`(_ header: String) {
        #expect(throws: AuthenticationFailure.malformedToken) { try verify(header) }
    }

    @Test(arguments: ["", "B", "Bearer", "Bearer\t", "Basic QTpi", "Bearers x", "\"earer x"])
    func `another scheme is refused as such`(_ header: String) {
        #expect(throws: AuthenticationFailure.unknownScheme) { try verify(header) }
    }

    @Test func `a path takes an agent's key and no other`() throws {
        #expect(try verify(pathToken: fixture.token(of: fixture.agent)) == fixture.agent)
        #expect(throws: AuthenticationFailure.pathTokenNotAgent(fixture.admin.keyID, .admin)) {
            try verify(pathToken: fixture.token(of: fixture.admin))
        }
        #expect(throws: AuthenticationFailure.wrongSecret(fixture.agent.keyID)) {
            try verify(pathToken: "\(fixture.agent.keyID).x")
        }
        #expect(throws: AuthenticationFailure.malformedToken) {
            try verify(pathToken: fixture.token(of: fixture.agent).replacing(".", with: "%2E"))
        }
    }

    @Test(arguments: [
        ("Bearer x", AuthorizationScheme.bearer), ("bEaReR x", .bearer), ("Bearer", .other), ("", .other),
        ("AWS4-HMAC-SHA256 Credential=", .signature), ("AWS4-ECDSA-P256-SHA256 ", .signature),
        ("AWS4", .other), ("Basic x", .other),
    ])
    func `the scheme is told from the first bytes`(_ header: String, _ expected: AuthorizationScheme) {
        #expect(AuthorizationScheme(Array(header.utf8).span) == expected)
    }
}

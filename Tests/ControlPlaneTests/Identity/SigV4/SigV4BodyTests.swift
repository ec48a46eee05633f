import Base
import Testing

@testable import ControlPlane

@Suite struct SigV4BodyTests {
    let fixture = IdentityFixture()
    let now = IdentityFixture.noon

    /// The worked example of Amazon's own documentation of Signature Version 4.
    @Test func `the documented example comes out`() {
        let signature = SigV4.signature(
            secret: Secret(text: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            scope: CredentialScope(
                day: "20150830",
                region: "us-east-1",
                service: "iam",
                terminator: "aws4_request"
            ),
            stamp: "20150830T123600Z",
            canonicalHash: "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
        )
        #expect(signature == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
    }

    @Test func `the canonical request is written as documented`() throws {
        let head = SignedRequestHead(
            method: "GET",
            path: Array("/".utf8),
            query: Array("Version=2010-05-08&Action=ListUsers".utf8),
            headers: [
                .init(name: "Host", value: Array("iam.amazonaws.com".utf8)),
                .init(
                    name: "Content-Type",
                    value: Array("application/x-www-form-urlencoded;   charset=utf-8 ".utf8)
                ),
                .init(name: "X-Amz-Date", value: Array("20150830T123600Z".utf8)),
            ]
        )
        let text = try #require(
            CanonicalRequest.text(
                head,
                form: .specification,
                signedHeaders: ["content-type", "host", "x-amz-date"],
                payloadHash: Hex.encode(Hash.sha256([]))
            )
        )
        #expect(
            String(decoding: text, as: UTF8.self) == """
                GET
                /
                Action=ListUsers&Version=2010-05-08
                content-type:application/x-www-form-urlencoded; charset=utf-8
                host:iam.amazonaws.com
                x-amz-date:20150830T123600Z

                content-type;host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """
        )
        #expect(
            Hex.encode(Hash.sha256(text))
                == "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"
        )
    }

    @Test func `a stated hash must be the body's`() throws {
        var signer = RequestSigner()
        signer.body = Array("{}".utf8)
        signer.add("X-Amz-Content-Sha256", Hex.encode(Hash.sha256(signer.body)))
        try signer.verify()
        let head = signer.head()
        let failure = AuthenticationFailure.payload(fixture.admin.keyID, .differs(length: 3))
        #expect(throws: failure) { try head.verify(body: Array("{ }".utf8), in: fixture.table, now: now) }
        #expect(
            failure.message
                == "The body of 3 bytes is not the one whose hash stands in X-Amz-Content-Sha256."
        )
    }

    @Test func `a mismatch says what was tried, and keeps hashes for the log`() throws {
        var signer = RequestSigner()
        signer.method = "POST"
        signer.path = "/tags/a%3Ab"
        signer.query = "b=1&a=2"
        signer.body = Array("{}".utf8)
        let head = signer.head().targeting("/tags/a%3Ac", "b=1&a=2")
        let failure = try #require(
            #expect(throws: AuthenticationFailure.self) {
                try head.verify(body: signer.body, in: fixture.table, now: now)
            }
        )
        #expect(failure.code == .invalidSignature)
        #expect(
            failure.message
                == "The signature is not the one that the key's secret gives for this request as it arrived: "
                + "POST, a path of 11 bytes, a query of 7, a body of 2, signed headers host;x-amz-date. "
                + "Canonical requests tried: the specification's (path encoded twice, query sorted); "
                + "path as sent, query sorted; path and query as sent. Check the secret, and that nothing "
                + "between the signer and this server changes host, path, query or body."
        )
        guard case .signature(let mismatch) = failure, case .string(let logged) = failure.logged else {
            Issue.record("not a mismatch: \(failure)")
            return
        }
        #expect(Set(mismatch.tried.values).count == 3)
        let forms = CanonicalForm.allCases.map { "\($0.rawValue) \(mismatch.tried[$0] ?? "")" }
        #expect(
            logged == "wrong signature by key \(fixture.admin.keyID) over POST; canonical requests tried: "
                + forms.joined(separator: ", ")
        )
        let secret = fixture.secret(of: fixture.admin)
        #expect(!failure.message.contains(secret) && !logged.contains(secret))
    }

    @Test func `header values are bytes, not text`() throws {
        var signer = RequestSigner()
        signer.headers.append(("X-Amz-Meta", [0xFF, 0x20, 0x20, 0xFE]))
        let head = signer.head()
        _ = try head.verify(body: [], in: fixture.table, now: now)
        let swapped = SignedRequestHead(
            method: "GET",
            path: head.path,
            query: [],
            headers: head.headers.map {
                $0.name == "x-amz-meta" ? .init(name: $0.name, value: [0xFE, 0x20, 0x20, 0xFF]) : $0
            }
        )
        #expect(throws: AuthenticationFailure.self) {
            try swapped.verify(body: [], in: fixture.table, now: now)
        }
    }
}

import Base
import Testing

@testable import ControlPlane

@Suite struct SigV4HeadTests {
    let fixture = IdentityFixture()

    private func failure(_ change: (inout RequestSigner) -> Void) throws -> AuthenticationFailure {
        var signer = RequestSigner()
        change(&signer)
        let head = signer.head()
        return try #require(
            #expect(throws: AuthenticationFailure.self) {
                try SigV4Verifier.check(head, in: fixture.table, now: IdentityFixture.noon)
            }
        )
    }

    private func scope(
        _ day: String? = nil,
        _ service: String = "fis",
        _ end: String = "aws4_request"
    )
        -> CredentialScope
    {
        CredentialScope(day: day ?? RequestSigner().scope.day, region: "x", service: service, terminator: end)
    }

    @Test func `a request in order names its key`() throws {
        let claim = try SigV4Verifier.check(
            RequestSigner().head(),
            in: fixture.table,
            now: IdentityFixture.noon
        )
        #expect(claim.claimedKey == fixture.admin.keyID)
        #expect(try claim.verify(body: []).record == fixture.admin)
    }

    @Test(arguments: ["fis", "ssm", "appconfig"]) func `our services are accepted, in any region`(
        _ service: String
    ) throws {
        var signer = RequestSigner()
        signer.scope = scope(nil, service)
        #expect(try signer.verify() == fixture.admin)
    }

    @Test func `an unknown and a revoked key are told the same and logged apart`() throws {
        let unknown = try failure { $0.keyID = "FPZZZZZZZZZZZZZZZZZZ" }
        #expect(unknown == .unknownKey(EchoedText("FPZZZZZZZZZZZZZZZZZZ")))
        let revoked = try failure { $0.keyID = fixture.revoked.keyID.description }
        #expect(revoked == .revokedKey(fixture.revoked.keyID))
        #expect(revoked.code == unknown.code)
        let key = fixture.revoked.keyID.description
        #expect(revoked.message == unknown.message.replacing("FPZZZZZZZZZZZZZZZZZZ", with: key))
        #expect(revoked.logged == .string("revoked key \(key)"))
        #expect(unknown.logged == .string("unknown key FPZZZZZZZZZZZZZZZZZZ"))
        #expect(
            try failure { $0.keyID = "AKIAIOSFODNN7EXAMPLE" }
                == .unknownKey(EchoedText("AKIAIOSFODNN7EXAMPLE"))
        )
    }

    @Test func `the scope must be ours and of the day of signing`() throws {
        let key = fixture.admin.keyID
        let service = try failure { $0.scope = scope(nil, "s3") }
        #expect(service == .scope(ScopeMismatch(key: key, part: .service(EchoedText("s3")))))
        #expect(
            service.message
                == "The credential scope is for the service \"s3\"; fis, ssm and appconfig are accepted."
        )
        let end = try failure { $0.scope = scope(nil, "fis", "aws5_request") }
        #expect(end == .scope(ScopeMismatch(key: key, part: .terminator(EchoedText("aws5_request")))))
        let day = try failure { $0.scope = scope("20200101") }
        let part = ScopeMismatch.Part.day(EchoedText("20200101"), signed: EchoedText("20270115"))
        #expect(day == .scope(ScopeMismatch(key: key, part: part)))
        #expect(Set([service, end, day].map(\.code)) == [.invalidSignature])
    }

    @Test(arguments: [0, 299, 300, -300]) func `five minutes of skew are allowed`(_ seconds: Int) throws {
        try RequestSigner().verify(now: IdentityFixture.noon + .seconds(seconds))
    }

    @Test func `more skew is refused with both times`() throws {
        let late = IdentityFixture.noon + .nanoseconds(300_000_000_001)
        let early = IdentityFixture.noon + .seconds(-301)
        for now in [late, early] {
            let failure = AuthenticationFailure.skewed(
                fixture.admin.keyID,
                signed: IdentityFixture.noon,
                now: now
            )
            #expect(throws: failure) { try RequestSigner().verify(now: now) }
            #expect(failure.code == .invalidSignature)
        }
        let failure = AuthenticationFailure.skewed(
            fixture.admin.keyID,
            signed: IdentityFixture.noon,
            now: early
        )
        #expect(
            failure.message
                == "The request was signed at 2027-01-15T08:00:00.000Z, and the server's time is "
                + "2027-01-15T07:54:59.000Z. They may differ by at most 5 minutes: set the signer's clock."
        )
    }

    @Test func `host and every x-amz header must be signed, and what is signed must be there`() throws {
        #expect(
            try failure { $0.signedHeaders = ["x-amz-date"] }
                == .incomplete(.unsignedHeader(EchoedText("host")))
        )
        #expect(
            try failure { $0.signedHeaders = ["host"] }
                == .incomplete(.unsignedHeader(EchoedText("x-amz-date")))
        )
        #expect(
            try failure {
                $0.add("X-Amz-Security-Token", "t")
                $0.signedHeaders = ["host", "x-amz-date"]
            } == .incomplete(.unsignedHeader(EchoedText("x-amz-security-token")))
        )
        #expect(
            try failure { $0.signedHeaders = ["host", "x-amz-date", "x-gone"] }
                == .incomplete(.absentHeader(EchoedText("x-gone")))
        )
        var other = RequestSigner()
        other.add("User-Agent", "any")
        other.signedHeaders = ["host", "x-amz-date"]
        try other.verify()
    }

    @Test func `the time of signing must be there once and be a time`() throws {
        #expect(try failure { $0.dateHeader = ("", "") } == .incomplete(.noDate))
        #expect(try failure { $0.add("X-Amz-Date", $0.stamp) } == .incomplete(.repeatedDate))
        #expect(
            try failure { $0.dateHeader = ("X-Amz-Date", "Fri, 15 Jan 2027 08:00:00 GMT") }
                == .incomplete(.date(EchoedText("Fri, 15 Jan 2027 08:00:00 GMT")))
        )
        for value in [SigningStamp.of(IdentityFixture.noon), "Fri, 15 Jan 2027 08:00:00 GMT"] {
            var signer = RequestSigner()
            signer.dateHeader = ("Date", value)
            try signer.verify()
        }
        var both = RequestSigner()
        both.add("Date", "nonsense")
        try both.verify()
    }

    @Test func `no credential, several, and presigned ones are refused as such`() throws {
        let signed = RequestSigner().head()
        let bare = SignedRequestHead(
            method: "GET",
            path: signed.path,
            query: [],
            headers: signed.headers.filter { $0.name != "authorization" }
        )
        let now = IdentityFixture.noon
        func refuse(_ head: SignedRequestHead, _ failure: AuthenticationFailure) {
            #expect(throws: failure) { try SigV4Verifier.check(head, in: fixture.table, now: now) }
        }
        refuse(bare, .missing)
        refuse(signed.adding("authorization", "x"), .incomplete(.severalAuthorizations))
        refuse(bare.targeting("/", "a=1&X-Amz-Signature=00"), .presigned)
        refuse(bare.targeting("/", "x-amz-credential=a"), .presigned)
        refuse(bare.targeting("/", "X-Amz-Signatures=00"), .missing)
    }

    @Test func `the stated payload must be a hash`() throws {
        func stated(_ value: String) throws -> AuthenticationFailure {
            try failure { $0.add("X-Amz-Content-Sha256", value) }
        }
        let key = fixture.admin.keyID
        #expect(try stated("UNSIGNED-PAYLOAD") == .payload(key, .unsigned))
        let streaming = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        #expect(try stated(streaming) == .payload(key, .streaming(EchoedText(streaming))))
        #expect(try stated("abc") == .payload(key, .malformed(EchoedText("abc"))))
        let twice = try failure {
            $0.add("X-Amz-Content-Sha256", "a")
            $0.add("X-Amz-Content-Sha256", "a")
        }
        #expect(twice == .payload(key, .repeated))
    }
}

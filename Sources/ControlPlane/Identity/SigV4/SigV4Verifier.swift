package import Base

/// The first half of checking a signed request: all that its head alone can tell.
///
/// A stranger is refused here, before a byte of the body is read. Session tokens need no place of their own: we
/// have no sessions, so one that is signed like every `X-Amz-` header is a header like the others.
package enum SigV4Verifier {
    /// The furthest that the signer's clock and ours may be apart.
    package static let tolerance: Duration = .seconds(300)

    private static let services: Set<String> = ["fis", "ssm", "appconfig"]

    package static func check(
        _ head: SignedRequestHead,
        in keys: KeyTable,
        now: Timestamp
    ) throws(AuthenticationFailure) -> SigV4Claim {
        let authorization = try authorization(of: head)
        let credential = try credential(of: authorization, in: keys)
        let time = try SigningTime(of: head)
        try checkScope(authorization.scope, time: time, key: credential.record.keyID)
        let age = now - time.timestamp
        guard age <= tolerance, age >= .zero - tolerance else {
            throw .skewed(credential.record.keyID, signed: time.timestamp, now: now)
        }
        try checkSignedHeaders(authorization.signedHeaders, head)
        return SigV4Claim(
            head: head,
            authorization: authorization,
            credential: credential,
            time: time,
            statedPayload: try StatedPayload.hash(of: head, key: credential.record.keyID)
        )
    }

    private static func authorization(
        of head: SignedRequestHead
    ) throws(AuthenticationFailure) -> SigV4Authorization {
        let values = head.values(of: "authorization")
        guard let value = values.first else {
            throw PresignedQuery.isPresent(in: head.query) ? .presigned : .missing
        }
        guard values.count == 1 else { throw .incomplete(.severalAuthorizations) }
        return try SigV4Authorization(parsing: value)
    }

    private static func credential(
        of authorization: SigV4Authorization,
        in keys: KeyTable
    ) throws(AuthenticationFailure) -> Credential {
        guard let credential = keys.lookup(bytes: Array(authorization.keyID.utf8).span) else {
            throw .unknownKey(EchoedText(authorization.keyID))
        }
        if credential.record.isRevoked { throw .revokedKey(credential.record.keyID) }
        return credential
    }

    /// The region is not compared: tools insist on having one, and we have no regions.
    private static func checkScope(
        _ scope: CredentialScope,
        time: SigningTime,
        key: KeyID
    ) throws(AuthenticationFailure) {
        guard scope.terminator == "aws4_request" else {
            throw .scope(ScopeMismatch(key: key, part: .terminator(EchoedText(scope.terminator))))
        }
        guard services.contains(scope.service) else {
            throw .scope(ScopeMismatch(key: key, part: .service(EchoedText(scope.service))))
        }
        guard scope.day == time.day else {
            let part = ScopeMismatch.Part.day(EchoedText(scope.day), signed: EchoedText(time.day))
            throw .scope(ScopeMismatch(key: key, part: part))
        }
    }

    private static func checkSignedHeaders(
        _ signed: [String],
        _ head: SignedRequestHead
    ) throws(AuthenticationFailure) {
        let present = Set(head.headers.map(\.name))
        for name in signed where !present.contains(name) {
            throw .incomplete(.absentHeader(EchoedText(name)))
        }
        let signed = Set(signed)
        guard signed.contains("host") else { throw .incomplete(.unsignedHeader(EchoedText("host"))) }
        for name in present.sorted() where name.hasPrefix("x-amz-") && !signed.contains(name) {
            throw .incomplete(.unsignedHeader(EchoedText(name)))
        }
    }
}

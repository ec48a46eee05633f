package import Base

/// A signed request whose head is in order, and which proves nothing until its body is there.
package struct SigV4Claim: Sendable {
    private let head: SignedRequestHead
    private let authorization: SigV4Authorization
    private let credential: Credential
    private let time: SigningTime
    private let statedPayload: [UInt8]?

    init(
        head: SignedRequestHead,
        authorization: SigV4Authorization,
        credential: Credential,
        time: SigningTime,
        statedPayload: [UInt8]?
    ) {
        self.head = head
        self.authorization = authorization
        self.credential = credential
        self.time = time
        self.statedPayload = statedPayload
    }

    /// The key that the request claims to be signed with; good for limits and logs, not for decisions.
    package var claimedKey: KeyID { credential.record.keyID }

    /// The second half of the check: hashes the body and compares the signature.
    package func verify(body: [UInt8]) throws(AuthenticationFailure) -> Credential {
        let payloadHash = Hex.encode(Hash.sha256(body))
        if let statedPayload, !Hash.constantTimeEqual(statedPayload, Array(payloadHash.utf8)) {
            throw .payload(claimedKey, .differs(length: body.count))
        }
        var tried: [CanonicalForm: String] = [:]
        for form in CanonicalForm.allCases {
            guard let hash = canonicalHash(form, payloadHash: payloadHash) else { continue }
            // Most requests look the same in every form.
            let isNew = !tried.values.contains(hash)
            tried[form] = hash
            if isNew, isSigned(hash) { return credential }
        }
        throw .signature(mismatch(tried, bodyLength: body.count))
    }

    private func canonicalHash(_ form: CanonicalForm, payloadHash: String) -> String? {
        CanonicalRequest.text(
            head,
            form: form,
            signedHeaders: authorization.signedHeaders,
            payloadHash: payloadHash
        ).map { Hex.encode(Hash.sha256($0)) }
    }

    private func isSigned(_ canonicalHash: String) -> Bool {
        let expected = SigV4.signature(
            secret: credential.secret,
            scope: authorization.scope,
            stamp: time.stamp,
            canonicalHash: canonicalHash
        )
        return Hash.constantTimeEqual(authorization.signature, Array(expected.utf8))
    }

    private func mismatch(_ tried: [CanonicalForm: String], bodyLength: Int) -> SignatureMismatch {
        SignatureMismatch(
            key: claimedKey,
            method: EchoedText(head.method),
            pathLength: head.path.count,
            queryLength: head.query.count,
            bodyLength: bodyLength,
            signedHeaders: EchoedText(authorization.signedHeaders.joined(separator: ";")),
            tried: tried
        )
    }
}

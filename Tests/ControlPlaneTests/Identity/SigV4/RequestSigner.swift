import Base

@testable import ControlPlane

/// Signs requests of any shape, also of shapes that no real signer would make.
struct RequestSigner {
    var fixture = IdentityFixture()
    var method = "GET"
    var path = "/actions"
    var query = ""
    var headers: [(String, [UInt8])] = [("Host", Array("chaos.example".utf8))]
    var stamp = SigningStamp.of(IdentityFixture.noon)
    var dateHeader: (name: String, value: String)?
    var body: [UInt8] = []
    var scope = CredentialScope(
        day: String(SigningStamp.of(IdentityFixture.noon).prefix(8)),
        region: "us-east-1",
        service: "fis",
        terminator: "aws4_request"
    )
    var form = CanonicalForm.specification
    /// Nil signs every header there is.
    var signedHeaders: [String]?
    var keyID: String?
    var payloadHash: String?

    mutating func add(_ name: String, _ value: String) { headers.append((name, Array(value.utf8))) }

    /// The request, signed with the admin's secret.
    func head() -> SignedRequestHead {
        let unsigned = SignedRequestHead(
            method: method,
            path: Array(path.utf8)[...],
            query: Array(query.utf8)[...],
            headers: lines.map { (Array($0.0.utf8)[...], $0.1[...]) }
        )
        let names = signedHeaders ?? Array(Set(unsigned.headers.map(\.name))).sorted()
        let text = required(
            CanonicalRequest.text(
                unsigned,
                form: form,
                signedHeaders: names,
                payloadHash: payloadHash ?? Hex.encode(Hash.sha256(body))
            )
        )
        let signature = SigV4.signature(
            secret: Secret(text: fixture.secret(of: fixture.admin)),
            scope: scope,
            stamp: stamp,
            canonicalHash: Hex.encode(Hash.sha256(text))
        )
        let credential = "\(keyID ?? fixture.admin.keyID.description)/\(scope)"
        let value =
            "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(names.joined(separator: ";")), "
            + "Signature=\(signature)"
        return unsigned.adding("Authorization", value)
    }

    private var lines: [(String, [UInt8])] {
        let date = dateHeader ?? ("X-Amz-Date", stamp)
        return date.name.isEmpty ? headers : headers + [(date.name, Array(date.value.utf8))]
    }

    @discardableResult
    func verify(now: Timestamp = IdentityFixture.noon) throws(AuthenticationFailure) -> KeyRecord {
        try head().verify(body: body, in: fixture.table, now: now)
    }
}

enum SigningStamp {
    static func of(_ time: Timestamp) -> String {
        let text = CalendarTime(time).iso8601.prefix(19)
        return String(text.filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}

extension SignedRequestHead {
    /// The same request with one more header.
    func adding(_ name: String, _ value: String) -> SignedRequestHead {
        SignedRequestHead(
            method: method,
            path: path,
            query: query,
            headers: headers + [Header(name: name, value: Array(value.utf8))]
        )
    }

    /// The same request with another target.
    func targeting(_ path: String, _ query: String = "") -> SignedRequestHead {
        SignedRequestHead(
            method: method,
            path: Array(path.utf8),
            query: Array(query.utf8),
            headers: headers
        )
    }

    /// The same request with another Authorization header.
    func authorized(by value: [UInt8]) -> SignedRequestHead {
        let others = headers.filter { $0.name != "authorization" }
        return SignedRequestHead(
            method: method,
            path: path,
            query: query,
            headers: others + [Header(name: "authorization", value: value)]
        )
    }

    /// Both halves of the check.
    func verify(
        body: [UInt8],
        in keys: KeyTable,
        now: Timestamp
    ) throws(AuthenticationFailure) -> KeyRecord {
        try SigV4Verifier.check(self, in: keys, now: now).verify(body: body).record
    }
}

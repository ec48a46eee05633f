import Base
import TestSupport
import Testing

@testable import ControlPlane

/// One request as a test words it.
struct Ask {
    /// How a caller proves itself.
    enum Proof: Sendable {
        case nothing
        case bearer(String)
        case signature(id: String, secret: String)
        case header(String)
    }

    var method = "GET"
    var path: String
    var proof = Proof.nothing
    var body: [UInt8] = []
    var headers: [String] = []
    /// Signed as if this were the body.
    var signedBody: [UInt8]?

    init(_ method: String, _ path: String, as proof: Proof = .nothing, _ body: JSON? = nil) {
        self.method = method
        self.path = path
        self.proof = proof
        self.body = body?.encoded ?? []
    }

    /// The request as it goes over the wire.
    func bytes(host: String) -> [UInt8] {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)", "Connection: close"]
        if !body.isEmpty || method == "POST" {
            lines += ["Content-Type: application/json", "Content-Length: \(body.count)"]
        }
        lines += headers
        switch proof {
        case .nothing: break
        case .bearer(let token): lines.append("Authorization: Bearer \(token)")
        case .header(let value): lines.append("Authorization: \(value)")
        case .signature(let id, let secret): lines += signature(host, id, secret)
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    private func signature(_ host: String, _ id: String, _ secret: String) -> [String] {
        let stamp = SigningStamp.of(.now)
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let head = SignedRequestHead(
            method: method,
            path: Array(parts[0].utf8),
            query: parts.count > 1 ? Array(parts[1].utf8) : [],
            headers: [
                .init(name: "host", value: Array(host.utf8)),
                .init(name: "x-amz-date", value: Array(stamp.utf8)),
            ]
        )
        let text = required(
            CanonicalRequest.text(
                head,
                form: .specification,
                signedHeaders: ["host", "x-amz-date"],
                payloadHash: Hex.encode(Hash.sha256(signedBody ?? body))
            )
        )
        let scope = CredentialScope(
            day: String(stamp.prefix(8)),
            region: "us-east-1",
            service: "fis",
            terminator: "aws4_request"
        )
        let signature = SigV4.signature(
            secret: Secret(text: secret),
            scope: scope,
            stamp: stamp,
            canonicalHash: Hex.encode(Hash.sha256(text))
        )
        return [
            "X-Amz-Date: \(stamp)",
            "Authorization: AWS4-HMAC-SHA256 Credential=\(id)/\(scope), SignedHeaders=host;x-amz-date, "
                + "Signature=\(signature)",
        ]
    }
}

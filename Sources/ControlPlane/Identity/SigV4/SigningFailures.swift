package import Base

/// A credential scope that names another service or another day.
package struct ScopeMismatch: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        case service(EchoedText)
        case terminator(EchoedText)
        case day(EchoedText, signed: EchoedText)
    }

    package let key: KeyID
    package let part: Part

    var message: String {
        switch part {
        case .service(let given):
            "The credential scope is for the service \"\(given)\"; fis, ssm and appconfig are accepted."
        case .terminator(let given):
            "The credential scope ends in \"\(given)\" and not in aws4_request."
        case .day(let given, let signed):
            "The credential scope is for the day \(given), and the request was signed on \(signed)."
        }
    }
}

/// A body, or the word for it in X-Amz-Content-Sha256, that the signature does not vouch for.
package enum PayloadMismatch: Hashable, Sendable {
    case unsigned
    case streaming(EchoedText)
    case malformed(EchoedText)
    case repeated
    case differs(length: Int)

    var message: String {
        switch self {
        case .unsigned:
            "The body must be signed: UNSIGNED-PAYLOAD in X-Amz-Content-Sha256 is not accepted."
        case .streaming(let given):
            "Bodies signed in chunks (\(given)) are not accepted; sign the whole body."
        case .malformed(let given):
            "X-Amz-Content-Sha256 is \"\(given)\", and not 64 lower-case hexadecimal digits."
        case .repeated:
            "The request has more than one X-Amz-Content-Sha256."
        case .differs(let length):
            "The body of \(length) bytes is not the one whose hash stands in X-Amz-Content-Sha256."
        }
    }
}

/// A signature that does not come out, with what helps to find out why.
package struct SignatureMismatch: Hashable, Sendable {
    package let key: KeyID
    package let method: EchoedText
    package let pathLength: Int
    package let queryLength: Int
    package let bodyLength: Int
    package let signedHeaders: EchoedText
    /// The hash of each canonical request tried.
    package let tried: [CanonicalForm: String]

    var message: String {
        let forms = tried.keys.sorted().map(\.description).joined(separator: "; ")
        return
            "The signature is not the one that the key's secret gives for this request as it arrived: \(method), "
            + "a path of \(pathLength) bytes, a query of \(queryLength), a body of \(bodyLength), "
            + "signed headers \(signedHeaders). Canonical requests tried: \(forms). Check the secret, and that "
            + "nothing between the signer and this server changes host, path, query or body."
    }

    var logText: String {
        let forms = tried.sorted { $0.key < $1.key }.map { "\($0.key.rawValue) \($0.value)" }
        return "wrong signature by key \(key) over \(method); canonical requests tried: "
            + forms.joined(separator: ", ")
    }
}

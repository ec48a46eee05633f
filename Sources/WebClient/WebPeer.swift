package import Base

/// Who is asked: where it listens, and how one proves there who one is.
package struct WebPeer: Sendable {
    package enum Place: Sendable, Equatable {
        /// A scheme, a host and maybe a beginning of all paths; without a slash at its end.
        case url(String)
        /// A Unix socket, however long its path is.
        case socket(String)
    }

    package enum Proof: Sendable {
        case none
        /// AWS Signature Version 4; the token belongs to keys that are good for a while only.
        case signature(keyID: String, secret: Secret, token: Secret? = nil, region: String, service: String)
        case bearer(Secret)
        case basic(user: String, password: Secret)
    }

    package let place: Place
    package let proof: Proof
    /// Past any proxy that the environment names.
    package let isDirect: Bool

    package init(_ place: Place, proof: Proof = .none, isDirect: Bool = false) {
        self.place = place
        self.proof = proof
        self.isDirect = isDirect
    }
}

extension WebPeer.Proof {
    /// The signature that our own servers ask for, with a credentials file's key.
    package static func signature(_ credentials: CredentialsFile) -> WebPeer.Proof {
        .signature(
            keyID: credentials.keyID.description,
            secret: credentials.secret,
            region: credentials.region ?? "us-east-1",
            service: "fis"
        )
    }
}

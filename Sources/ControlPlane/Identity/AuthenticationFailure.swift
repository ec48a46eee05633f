package import Base

/// Why a request is refused for who sent it.
///
/// Each has two texts: `message` for the caller, and `logged` for the log, which may name what the caller must not
/// learn. The log takes the failure itself and never the message, so they cannot be mixed up.
package enum AuthenticationFailure: Error, Hashable, Sendable {
    /// No credential at all.
    case missing
    /// A credential in the query, as presigned URLs carry it.
    case presigned
    /// An `Authorization` header that is neither a signature nor a token.
    case unknownScheme
    /// A token that is not `KEY_ID.SECRET`.
    case malformedToken
    /// A signature that is not put together as the specification says.
    case incomplete(IncompleteSignature)

    /// A key that never was.
    case unknownKey(EchoedText)
    /// A key that was revoked; the caller is told the same as for an unknown one.
    case revokedKey(KeyID)
    /// A token with the wrong secret; the caller is told the same as for an unknown key.
    case wrongSecret(KeyID)

    /// A credential scope that is not for this service or not for the day of signing.
    case scope(ScopeMismatch)
    /// A request signed too long ago, or ahead of time.
    case skewed(KeyID, signed: Timestamp, now: Timestamp)
    /// A body that is not the one whose hash was signed.
    case payload(KeyID, PayloadMismatch)
    /// A signature that this key's secret does not give.
    case signature(SignatureMismatch)

    /// A key in the path that is not an agent's.
    case pathTokenNotAgent(KeyID, Role)
    /// A role that may not do this.
    case roleDenies(Role, Permission)
    /// What only the deployment's admin may do.
    case deploymentAdminOnly(Permission)
    /// A target that the agent's pattern does not name.
    case targetDenied(TargetPattern?)
}

extension AuthenticationFailure {
    /// The error code, as AWS names it.
    package enum Code: String, CaseIterable, Sendable {
        case missingToken = "MissingAuthenticationTokenException"
        case incomplete = "IncompleteSignatureException"
        case unrecognized = "UnrecognizedClientException"
        case invalidSignature = "InvalidSignatureException"
        case accessDenied = "AccessDeniedException"
    }

    package var code: Code {
        switch self {
        case .missing: .missingToken
        case .presigned, .unknownScheme, .malformedToken, .incomplete: .incomplete
        case .unknownKey, .revokedKey, .wrongSecret: .unrecognized
        case .scope, .skewed, .payload, .signature: .invalidSignature
        case .pathTokenNotAgent, .roleDenies, .deploymentAdminOnly, .targetDenied: .accessDenied
        }
    }

    /// Always 403.
    ///
    /// AWS's services answer some of these codes with 400, and not the same ones; clients go by the code, and a
    /// refusal for the caller's identity is one thing to a person who reads the status.
    package var status: Int { 403 }
}

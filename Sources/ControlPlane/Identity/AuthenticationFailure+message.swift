import Base

extension AuthenticationFailure {
    /// What the caller is told: what was wrong and what would be accepted.
    package var message: String {
        switch self {
        case .missing:
            "The request carries no credential. Sign it with AWS Signature Version 4, or send "
                + "Authorization: Bearer KEY_ID.SECRET."
        case .presigned:
            "Signatures in the query (presigned URLs) are not accepted. Sign with the Authorization header."
        case .unknownScheme:
            "The Authorization header is neither AWS4-HMAC-SHA256 nor Bearer KEY_ID.SECRET."
        case .malformedToken:
            "The token is not KEY_ID.SECRET, where KEY_ID is FP and 18 characters of A-Z and 2-7."
        case .incomplete(let reason):
            reason.message
        case .unknownKey(let key):
            Self.unrecognized(key.description)
        case .revokedKey(let key), .wrongSecret(let key):
            Self.unrecognized(key.description)
        case .scope(let mismatch):
            mismatch.message
        case .skewed(_, let signed, let now):
            "The request was signed at \(CalendarTime(signed).iso8601), and the server's time is "
                + "\(CalendarTime(now).iso8601). They may differ by at most 5 minutes: set the signer's clock."
        case .payload(_, let mismatch):
            mismatch.message
        case .signature(let mismatch):
            mismatch.message
        case .pathTokenNotAgent(_, let role):
            "Only an agent's key may stand in a path; this one's role is \(role)."
        case .roleDenies(let role, let permission):
            "The key's role, \(role), does not allow \(permission)."
        case .deploymentAdminOnly(let permission):
            "Only an admin of the deployment's first account may do this (\(permission))."
        case .targetDenied(let pattern?):
            "The key speaks only for targets that match \(pattern)."
        case .targetDenied(nil):
            "The key speaks for no target: it has no target pattern."
        }
    }

    private static func unrecognized(_ key: String) -> String {
        "The key \(key) is not known, was revoked, or does not have this secret."
    }
}

package import Base

extension AuthenticationFailure: LogValue {
    package var logged: JSON { .string(logText) }

    private var logText: String {
        switch self {
        case .missing: "no credential"
        case .presigned: "presigned URL"
        case .unknownScheme: "unknown authorization scheme"
        case .malformedToken: "malformed token"
        case .incomplete(let reason): "incomplete signature: \(reason.message)"
        case .unknownKey(let key): "unknown key \(key)"
        case .revokedKey(let key): "revoked key \(key)"
        case .wrongSecret(let key): "wrong secret for key \(key)"
        case .scope(let mismatch): "scope of key \(mismatch.key): \(mismatch.message)"
        case .skewed(let key, let signed, let now):
            "signature of key \(key) is \((now - signed).inSeconds) s old"
        case .payload(let key, let mismatch): "payload signed by key \(key): \(mismatch.message)"
        case .signature(let mismatch): mismatch.logText
        case .pathTokenNotAgent(let key, let role): "key \(key) of role \(role) in a path"
        case .roleDenies(let role, let permission): "role \(role) does not allow \(permission)"
        case .deploymentAdminOnly(let permission): "\(permission) by other than the deployment's admin"
        case .targetDenied(let pattern): "target outside the pattern \(pattern?.description ?? "(none)")"
        }
    }
}

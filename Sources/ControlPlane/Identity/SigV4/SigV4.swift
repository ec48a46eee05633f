import Base

/// The arithmetic of AWS Signature Version 4.
enum SigV4 {
    /// The signature of one canonical request, as 64 hexadecimal digits.
    static func signature(
        secret: Secret,
        scope: CredentialScope,
        stamp: String,
        canonicalHash: String
    ) -> String {
        var key = Array("AWS4".utf8) + secret.bytes
        for part in [scope.day, scope.region, scope.service, scope.terminator] {
            key = Hash.hmac(key: key, part)
        }
        return Hex.encode(
            Hash.hmac(key: key, "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(canonicalHash)")
        )
    }
}

/// What an `Authorization: AWS4-HMAC-SHA256` header says; nothing in it is believed yet.
package struct SigV4Authorization: Hashable, Sendable {
    package let keyID: String
    package let scope: CredentialScope
    /// In the signer's order, which is the order they were signed in; no name stands twice.
    package let signedHeaders: [String]
    /// 64 lower-case hexadecimal digits.
    package let signature: [UInt8]
}

/// What a signing key is good for: one day, one region, one service.
package struct CredentialScope: Hashable, Sendable, CustomStringConvertible {
    package let day: String
    package let region: String
    package let service: String
    package let terminator: String

    package var description: String { "\(day)/\(region)/\(service)/\(terminator)" }
}

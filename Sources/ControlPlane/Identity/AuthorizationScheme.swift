/// The way an `Authorization` header proves who is asking.
package enum AuthorizationScheme: Sendable {
    /// `Bearer KEY_ID.SECRET`.
    case bearer
    /// `AWS4-HMAC-SHA256 Credential=...`.
    case signature
    /// Anything else; it proves nothing here.
    case other

    package init(_ header: Span<UInt8>) {
        self =
            if BearerToken.offset(in: header) != nil {
                .bearer
            } else if Self.isSignature(header) {
                .signature
            } else {
                .other
            }
    }

    private static func isSignature(_ header: Span<UInt8>) -> Bool {
        let name: StaticString = "AWS4-"
        guard header.count >= name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { name in name.indices.allSatisfy { header[$0] == name[$0] } }
    }
}

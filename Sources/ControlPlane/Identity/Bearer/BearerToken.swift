import Base

/// Proves a caller by `KEY_ID.SECRET`, in a header or as a segment of the path; allocates nothing on the way.
package enum BearerToken {
    /// Checks an `Authorization` header's raw value.
    package static func verify(
        header: Span<UInt8>,
        in keys: KeyTable
    ) throws(AuthenticationFailure) -> Credential {
        guard let offset = offset(in: header) else { throw .unknownScheme }
        return try verify(token: header.extracting(offset..<header.count), in: keys)
    }

    /// Checks the raw segment after `/t/`, which only an agent's key may be: paths end up in logs of others.
    package static func verify(
        pathToken: Span<UInt8>,
        in keys: KeyTable
    ) throws(AuthenticationFailure) -> Credential {
        let credential = try verify(token: pathToken, in: keys)
        guard credential.record.role == .agent else {
            throw .pathTokenNotAgent(credential.record.keyID, credential.record.role)
        }
        return credential
    }

    private static func verify(
        token: Span<UInt8>,
        in keys: KeyTable
    ) throws(AuthenticationFailure) -> Credential {
        let dot = PackedKeyID.length
        guard token.count > dot, token[dot] == UInt8(ascii: ".") else { throw .malformedToken }
        let name = token.extracting(0..<dot)
        guard let id = PackedKeyID(name) else { throw .malformedToken }
        guard let credential = keys.lookup(id) else {
            throw .unknownKey(EchoedText(name))
        }
        let secret = token.extracting(dot + 1..<token.count)
        guard credential.secret.matches(secret) else {
            throw .wrongSecret(credential.record.keyID)
        }
        if credential.record.isRevoked { throw .revokedKey(credential.record.keyID) }
        return credential
    }

    /// Where the token begins: behind `Bearer` in any case and at least one space.
    static func offset(in header: Span<UInt8>) -> Int? {
        let scheme: StaticString = "bearer"
        let length = scheme.utf8CodeUnitCount
        guard header.count > length, header[length] == UInt8(ascii: " ") else { return nil }
        let named = scheme.withUTF8Buffer { scheme in
            scheme.indices.allSatisfy { header[$0] | 0x20 == scheme[$0] }
        }
        guard named else { return nil }
        var offset = length
        while offset < header.count, header[offset] == UInt8(ascii: " ") { offset += 1 }
        return offset
    }
}

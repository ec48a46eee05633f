import CCrypto

extension Hash {
    /// The same for bytes that are only borrowed, so that checking a token copies nothing.
    package static func constantTimeEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}

extension Secret {
    package func matches(_ other: Span<UInt8>) -> Bool { Hash.constantTimeEqual(bytes.span, other) }
}

import CCrypto

/// SHA-256, and HMAC over it: signatures, derived secrets, checksums.
package enum Hash {
    // OpenSSL's own shorthand looks it up at every digest, which costs as much as a short one. Never freed.
    private nonisolated(unsafe) static let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)

    /// The SHA-256 digest, 32 bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            unsafe bytes.withUnsafeBufferPointer {
                _ = unsafe EVP_Digest($0.baseAddress, $0.count, digest.baseAddress, nil, algorithm, nil)
            }
            count = 32
        }
    }

    /// HMAC-SHA-256 of `message` under `key`, 32 bytes.
    package static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            var length: UInt32 = 32
            unsafe key.withUnsafeBufferPointer { key in
                unsafe message.withUnsafeBufferPointer { message in
                    _ = unsafe HMAC(
                        EVP_sha256(),
                        key.baseAddress,
                        CInt(clamping: key.count),
                        message.baseAddress,
                        message.count,
                        digest.baseAddress,
                        &length
                    )
                }
            }
            count = 32
        }
    }

    /// HMAC of a text's UTF-8.
    package static func hmac(key: [UInt8], _ message: String) -> [UInt8] {
        hmac(key: key, Array(message.utf8))
    }

    /// Whether two byte strings are equal, in a time that does not tell where they differ.
    package static func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}

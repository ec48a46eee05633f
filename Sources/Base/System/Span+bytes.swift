import Glibc

/// For tables that are looked up by bytes as they came, at a fraction of what a text costs as a key.
extension Span<UInt8> {
    /// Whether both hold the same bytes.
    package func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { own in
            unsafe other.withUnsafeBytes { other in
                guard let left = own.baseAddress, let right = other.baseAddress else { return true }
                return unsafe memcmp(left, right, own.count) == 0
            }
        }
    }

    /// A number that is the same for the same bytes and the same seed, and else hardly ever.
    ///
    /// Quick, and no more than that: whoever knows the seed finds bytes that meet.
    package func quickHash(seed: UInt64) -> UInt64 {
        unsafe withUnsafeBytes { bytes in
            var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
            var index = 0
            while index + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                hash = SplitMix64.mixed(hash ^ word)
                index += 8
            }
            var rest: UInt64 = 0
            while index < bytes.count {
                rest = rest << 8 | UInt64(unsafe bytes[index])
                index += 1
            }
            return SplitMix64.mixed(hash ^ rest)
        }
    }
}

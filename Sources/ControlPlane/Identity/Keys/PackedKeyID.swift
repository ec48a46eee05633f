package import Base

/// A key id squeezed into two words, so that one can be looked up from raw bytes without allocating.
///
/// Its 18 letters carry five bits each: the two words are the id itself, not a hash of it.
package struct PackedKeyID: Hashable, Sendable {
    package static let length = 20

    private let high: UInt64
    private let low: UInt64

    /// Nil unless the bytes are a key id.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == Self.length, bytes[0] == UInt8(ascii: "F"), bytes[1] == UInt8(ascii: "P") else {
            return nil
        }
        var halves: (UInt64, UInt64) = (0, 0)
        for index in 2..<11 {
            guard let first = Self.value(bytes[index]), let second = Self.value(bytes[index + 9]) else {
                return nil
            }
            halves.0 = halves.0 << 5 | first
            halves.1 = halves.1 << 5 | second
        }
        (high, low) = halves
    }

    package init?(_ keyID: KeyID) {
        self.init(Array(keyID.description.utf8).span)
    }

    /// A number that differs between random ids; never negative.
    var spread: Int { Int(truncatingIfNeeded: low) & .max }

    private static func value(_ letter: UInt8) -> UInt64? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt64(letter - UInt8(ascii: "2")) + 26
        default: nil
        }
    }
}

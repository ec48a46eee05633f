import Base

/// Names one request in the answer, in the log and in the audit; never repeated, and nothing can be read from it.
package struct RequestID: Equatable, Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// As UUIDs are written: 8-4-4-4-12 lower-case hexadecimal digits.
    package var description: String {
        var text = ""
        withText { span in
            for index in span.indices { text.unicodeScalars.append(Unicode.Scalar(span[index])) }
        }
        return text
    }

    /// Hands out the text without making a String of it.
    func withText(_ body: (Span<UInt8>) -> Void) {
        var text: InlineArray<36, UInt8> = .init(repeating: UInt8(ascii: "-"))
        Self.write(UInt32(truncatingIfNeeded: high >> 32), at: 0, &text)
        Self.write(UInt32(truncatingIfNeeded: high), at: 9, dash: 13, &text)
        Self.write(UInt32(truncatingIfNeeded: low >> 32), at: 19, dash: 23, &text)
        Self.write(UInt32(truncatingIfNeeded: low), at: 28, &text)
        body(text.span)
    }

    /// Eight digits from `start` on, leaving out the place `dash`.
    @inline(__always)
    private static func write(
        _ word: UInt32,
        at start: Int,
        dash: Int = -1,
        _ text: inout InlineArray<36, UInt8>
    ) {
        var digits = digits(of: word)
        var place = start
        for _ in 0..<8 {
            if place == dash { place += 1 }
            text[place] = UInt8(truncatingIfNeeded: digits >> 56)
            digits <<= 8
            place += 1
        }
    }

    /// The eight hexadecimal digits of a word as the eight bytes of another, all at once.
    private static func digits(of word: UInt32) -> UInt64 {
        var nibbles = UInt64(word)
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles + 0x3030_3030_3030_3030 + isLetter * 39
    }
}

/// Makes request ids: a random beginning for each loop, then a counter scrambled so that neighbours look unlike.
struct RequestIDSource {
    private let high = UInt64.random(in: .min ... .max)
    private var counter = UInt64.random(in: .min ... .max)

    mutating func next() -> RequestID {
        counter &+= 0x9E37_79B9_7F4A_7C15
        var mixed = counter
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return RequestID(high: high, low: mixed ^ mixed >> 31)
    }
}

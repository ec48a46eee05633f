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
        Self.write(high, at: 0, dashes: (8, 12), &text)
        Self.write(low, at: 19, dashes: (4, 16), &text)
        body(text.span)
    }

    /// Sixteen digits from `start` on, leaving out a place before each of the digits numbered in `dashes`.
    private static func write(
        _ word: UInt64,
        at start: Int,
        dashes: (Int, Int),
        _ text: inout InlineArray<36, UInt8>
    ) {
        var place = start
        for digit in 0..<16 {
            if digit == dashes.0 || digit == dashes.1 { place += 1 }
            let value = word >> UInt64(60 - 4 * digit) & 15
            text[place] = UInt8(truncatingIfNeeded: value < 10 ? 48 + value : 87 + value)
            place += 1
        }
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

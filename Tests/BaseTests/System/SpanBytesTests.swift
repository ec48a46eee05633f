import Base
import Testing

/// Bytes as a peer sent them, looked at without making texts of them.
@Suite struct SpanBytesTests {
    private static let texts = [
        "", "0", "7", "-7", "+7", "007", "-0", "+", "-", "--1", "+-1", "1 ", " 1", "1_000", "0x1", "1.0",
        "1e3",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "99999999999999999999", "\u{661}", "12\0",
    ]

    @Test(arguments: texts) func `a number is read as the standard library reads it`(text: String) {
        let (plain, quoted) = (Array(text.utf8), Array("\"\(text)\"".utf8))
        let (number, quotedNumber) = (plain.span.number, quoted.span.quotedNumber)
        #expect(number == Int64(text))
        #expect(quotedNumber == Int64(text))
    }

    @Test(arguments: ["", "1", "\"", "\"\"", "\"1", "1\"", "W/\"1\"", "\"1\" ", "'1'", "*"])
    func `what is not between quotation marks is no quoted number`(text: String) {
        let bytes = Array(text.utf8)
        let number = bytes.span.quotedNumber
        #expect(number == nil)
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let left = left.span
        return left.isEqual(to: right.span)
    }

    private static func hash(_ bytes: [UInt8], _ seed: UInt64 = 5) -> UInt64 {
        let bytes = bytes.span
        return bytes.quickHash(seed: seed)
    }

    @Test func `bytes are equal where each of them is, and then their hash is too`() {
        let texts = (0..<40).map { [UInt8](repeating: 97, count: $0) }
        for (one, left) in texts.enumerated() {
            for (two, right) in texts.enumerated() {
                #expect(Self.areEqual(left, right) == (one == two))
                #expect((Self.hash(left) == Self.hash(right)) == (one == two))
            }
            for place in left.indices {
                var other = left
                other[place] ^= 1
                #expect(!Self.areEqual(other, left), "\(place) of \(left.count)")
                #expect(Self.hash(other) != Self.hash(left))
            }
            #expect(Self.hash(left, 5) != Self.hash(left, 6))
        }
    }
}

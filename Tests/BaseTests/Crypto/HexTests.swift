import Base
import Testing

@Suite struct HexTests {
    @Test func `every byte comes back`() {
        let all = Array(UInt8.min ... .max)
        #expect(Hex.encode(all).utf8.count == 512)
        #expect(Hex.decode(Array(Hex.encode(all).utf8)) == all)
        #expect(Hex.decode(Array(Hex.encode(all).uppercased().utf8)) == all)
    }

    @Test func `small letters are written`() {
        #expect(Hex.encode([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(Hex.encode([]).isEmpty)
    }

    private static let texts: [Case<String, [UInt8]?>] = [
        Case("nothing", "", []),
        Case("both cases", "aBcD", [0xAB, 0xCD]),
        Case("an odd number of digits", "abc", nil),
        Case("a letter that is no digit", "0g", nil),
        Case("the letters next to the digits", "/:@G`g", nil),
        Case("a space", "0 1 ", nil),
        Case("a prefix", "0x12", nil),
        Case("a sign", "+1", nil),
        Case("digits of another script", "٠١", nil),
    ]

    @Test(arguments: texts) func `only pairs of digits are decoded`(_ row: Case<String, [UInt8]?>) {
        #expect(Hex.decode(row.input.utf8) == row.output)
    }

    @Test func `exactly 22 bytes are digits`() {
        let digits = (UInt8.min ... .max).filter { Hex.value($0) != nil }
        #expect(String(decoding: digits, as: UTF8.self) == "0123456789ABCDEFabcdef")
    }
}

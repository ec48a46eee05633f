import Base
import Testing

@Suite struct JSONFuzzTests {
    private static let seeds = [
        #"{"target":"arn:aws:lambda:us-east-1:000000000000:function:checkout","version":12884901907,"epoch":3}"#,
        #"{"faults":[{"parameters":{"startupDelayMilliseconds":"2000"},"notBefore":1790000000.25}],"degraded":null}"#,
        #"["\ud83d\ude00","\u00e9\n\\\"",[-0.5e-7,1E+3,true,false,null],{"":{"":[[[[]]]]}}]"#,
    ]

    private static let tokens = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "-", ".", "e", "0", "1e999",
        "null",
        "\u{0}", "\u{1F}", "\u{7F}", "é", "😀", "true", "\"a\":", "9223372036854775808",
    ].map { Array($0.utf8) }

    /// Whatever the bytes, the answer is a value or an error that names a place within them, and a value survives
    /// being written and read.
    @Test(arguments: 0..<8) func `damaged documents are read whole or refused`(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        var read = 0
        for _ in 0..<4_000 {
            let bytes = Self.damaged(using: &generator)
            do throws(JSONError) {
                let value = try JSON(parsing: bytes)
                read += 1
                let written = value.encoded
                let again = try JSON(parsing: written)
                #expect(again == value && again.encoded == written, "\(bytes)")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "\(bytes)")
                #expect(!error.reason.isEmpty)
            }
        }
        #expect(read > 100, "the damage is so great that nothing is ever read")
    }

    private static func damaged(using generator: inout SplitMix64) -> [UInt8] {
        var bytes = Array((seeds.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...8, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.insert(.random(in: .min ... .max, using: &generator), at: place)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes.removeSubrange(end...)
            case 4: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            default: bytes.insert(contentsOf: tokens.randomElement(using: &generator) ?? [], at: place)
            }
        }
        return bytes
    }
}

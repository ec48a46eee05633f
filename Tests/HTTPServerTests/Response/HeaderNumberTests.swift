import Testing

@testable import HTTPServer

@Suite struct HeaderNumberTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let value: HeaderNumber
        let testDescription: String

        init(_ value: HeaderNumber, _ text: String) { (self.value, testDescription) = (value, text) }
    }

    @Test(arguments: [
        Case(.plain(0), "0"), Case(.plain(9), "9"), Case(.plain(10), "10"), Case(.plain(-120), "-120"),
        Case(.plain(.max), "9223372036854775807"), Case(.plain(.min), "-9223372036854775808"),
        Case(.quoted(0), "\"0\""), Case(.quoted(4_294_967_297), "\"4294967297\""),
        Case(.quoted(-1), "\"-1\""), Case(.quoted(.max), "\"9223372036854775807\""),
        Case(.quoted(.min), "\"-9223372036854775808\""),
        Case(.seconds(0), "0.000000000"), Case(.seconds(1), "0.000000001"),
        Case(.seconds(10), "0.000000010"), Case(.seconds(999_999_999), "0.999999999"),
        Case(.seconds(1_000_000_000), "1.000000000"), Case(.seconds(60_000_000_001), "60.000000001"),
        Case(.seconds(1_790_000_003_250_000_000), "1790000003.250000000"),
        Case(.seconds(.max), "9223372036.854775807"), Case(.seconds(-1), "-0.000000001"),
        Case(.seconds(-1_500_000_000), "-1.500000000"), Case(.seconds(.min), "-9223372036.854775808"),
    ])
    func `a value is the same written and as text`(each: Case) {
        #expect(each.value.description == each.testDescription)
        var writer = ResponseWriter()
        writer.header("A", each.value)
        let line = String(decoding: writer.output.array(from: 0), as: UTF8.self)
        #expect(line == "A: \(each.testDescription)\r\n")
    }
}

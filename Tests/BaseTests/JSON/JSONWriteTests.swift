import Base
import Testing

@Suite struct JSONWriteTests {
    private static let written: [Case<JSON, String>] = [
        Case("null", .null, "null"),
        Case("true", true, "true"),
        Case("false", false, "false"),
        Case("the smallest whole number", .integer(.min), "-9223372036854775808"),
        Case("a fraction", .number(0.1), "0.1"),
        Case("a whole value that was not written whole", .number(2), "2.0"),
        Case("a large number", .number(1e300), "1e+300"),
        Case("infinity has no JSON", .number(.infinity), "null"),
        Case("nor has what is no number", .number(.nan), "null"),
        Case("quotes and backslashes", #"a"b\c"#, #""a\"b\\c""#),
        Case("line ends and tabs", "\r\n\t", #""\r\n\t""#),
        Case("other control characters", "\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
        Case("a slash stays", "a/b", #""a/b""#),
        Case("text stays as it is", "ß → 😀\u{2028}", "\"ß → 😀\u{2028}\""),
        Case("nothing in it", .array([]), "[]"),
        Case("elements", [1, "a", .null], #"[1,"a",null]"#),
        Case("members in order", .object([.init("b", 1), .init("a", [])]), #"{"b":1,"a":[]}"#),
        Case("a name with quotes", ["\"": 1], #"{"\"":1}"#),
    ]

    @Test(arguments: written) func `values are written compactly`(_ row: Case<JSON, String>) {
        #expect(String(decoding: row.input.encoded, as: UTF8.self) == row.output)
    }

    @Test func `members keep their order and whole numbers stay whole`() throws {
        let text = #"{"version":12884901907,"epoch":3,"faults":[],"share":0.5,"on":true,"no":null}"#
        #expect(try JSON(parsing: Array(text.utf8)).encoded == Array(text.utf8))
    }

    @Test func `doubles come back to the last bit`() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            #expect(try JSON(parsing: JSON.number(number).encoded).double == number)
        }
    }

    @Test func `writing appends to what is there`() {
        var bytes = Array("a: ".utf8)
        JSON.integer(1).write(to: &bytes)
        #expect(bytes == Array("a: 1".utf8))
    }
}

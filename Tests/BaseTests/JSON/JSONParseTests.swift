import Base
import Testing

@Suite struct JSONParseTests {
    private static let accepted: [Case<String, JSON>] = [
        Case("null", "null", .null),
        Case("true", "true", true),
        Case("false", "false", false),
        Case("space all around", " \t\r\n[ 1 , 2 ] \n", [1, 2]),
        Case("zero", "0", 0),
        Case("minus zero is whole", "-0", 0),
        Case("the largest whole number", "9223372036854775807", .integer(.max)),
        Case("the smallest whole number", "-9223372036854775808", .integer(.min)),
        Case("one more is a number all the same", "9223372036854775808", .number(9_223_372_036_854_775_808)),
        Case("a version of epoch 3", "12884901907", 12_884_901_907),
        Case("a fraction", "0.5", .number(0.5)),
        Case("a whole number written as a fraction is not whole", "1.0", .number(1)),
        Case("an exponent", "-1.5E+3", .number(-1500)),
        Case("too small to be anything but zero", "1e-400", .number(0)),
        Case("an empty string", #""""#, ""),
        Case("every short escape", #""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        Case("an escape of four digits in both cases", #""\u00e9\u00E9""#, "éé"),
        Case("a pair of surrogates", #""\uD83D\uDE00""#, "😀"),
        Case("the last character there is", #""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        Case("a null character", #""a\u0000b""#, "a\0b"),
        Case("text as it is", #""ß → 😀""#, "ß → 😀"),
        Case("DEL needs no escape", "\"\u{7F}\"", "\u{7F}"),
        Case("an empty array", "[ ]", []),
        Case("an empty object", "{ }", .object([])),
        Case(
            "members keep their order",
            #"{"b":1,"a":{"c":[]}}"#,
            .object([.init("b", 1), .init("a", .object([.init("c", [])]))])
        ),
    ]

    @Test(arguments: accepted) func `what RFC 8259 allows is read`(_ row: Case<String, JSON>) throws {
        #expect(try JSON(parsing: Array(row.input.utf8)) == row.output)
    }

    private static let refused: [Case<String, String>] = [
        Case("nothing", "", "the text ends where a value should stand at byte 0"),
        Case("only space", "  ", "the text ends where a value should stand at byte 2"),
        Case("two values", "1 2", "unexpected text after the value at byte 2"),
        Case("a byte-order mark", "\u{FEFF}1", "no value starts here at byte 0"),
        Case("a form feed is no space", "\u{C}1", "no value starts here at byte 0"),
        Case("a null byte behind", "1\0", "unexpected text after the value at byte 1"),
        Case("a word cut short", "tru", "no value starts here at byte 0"),
        Case("a word in capitals", "True", "no value starts here at byte 0"),
        Case("a word with more behind", "nullx", "unexpected text after the value at byte 4"),
        Case("not a number", "NaN", "no value starts here at byte 0"),
        Case("a zero in front", "01", "unexpected text after the value at byte 1"),
        Case("a plus in front", "+1", "no value starts here at byte 0"),
        Case("only a minus", "-", "expected a digit at byte 1"),
        Case("minus infinity", "-Infinity", "expected a digit at byte 1"),
        Case("no digit before the point", ".5", "no value starts here at byte 0"),
        Case("no digit after the point", "1.", "expected a digit at byte 2"),
        Case("no digit in the exponent", "1e+", "expected a digit at byte 3"),
        Case("hexadecimal", "0x10", "unexpected text after the value at byte 1"),
        Case("a number too large", "1e400", "number out of range at byte 5"),
        Case("an open string", #""ab"#, "the text ends inside a string at byte 3"),
        Case("a string that ends in its escape", #""ab\"#, "the text ends inside a string at byte 4"),
        Case("single quotes", "'a'", "no value starts here at byte 0"),
        Case("a line end in a string", "\"a\nb\"", "control character in a string at byte 3"),
        Case("the last control character", "\"\u{1F}\"", "control character in a string at byte 2"),
        Case("an escape nobody knows", #""\x41""#, "unknown escape at byte 3"),
        Case("three digits", #""\u00e""#, "expected four hex digits at byte 6"),
        Case("a sign among the digits", #""\u+0e9""#, "expected four hex digits at byte 3"),
        Case("the first half of a pair alone", #""\uD83D""#, "half a character at byte 7"),
        Case("the second half alone", #""\uDE00""#, "half a character at byte 7"),
        Case("the halves the wrong way round", #""\uDE00\uD83D""#, "half a character at byte 7"),
        Case("the first half twice", #""\uD83D\uD83D""#, "half a character at byte 13"),
        Case(
            "the first half and what follows the second ones",
            #""\uD83D\uE000""#,
            "half a character at byte 13"
        ),
        Case("the first half and another escape", #""\uD83D\n""#, "half a character at byte 8"),
        Case("an open array", "[1", "expected , or ] in an array at byte 2"),
        Case("a comma at the end of an array", "[1,]", "no value starts here at byte 3"),
        Case("only a comma", "[,]", "no value starts here at byte 1"),
        Case("elements without a comma", "[1 2]", "expected , or ] in an array at byte 3"),
        Case("closed as something else", "[1}", "expected , or ] in an array at byte 2"),
        Case("a comma at the end of an object", #"{"a":1,}"#, "expected a member name in quotes at byte 7"),
        Case("a name without quotes", "{a:1}", "expected a member name in quotes at byte 1"),
        Case("a number for a name", "{1:1}", "expected a member name in quotes at byte 1"),
        Case("no colon", #"{"a" 1}"#, "expected : after a member name at byte 5"),
        Case("no value", #"{"a":}"#, "no value starts here at byte 5"),
        Case("an open object", #"{"a":1"#, "expected , or } in an object at byte 6"),
        Case("a comment", "[1/*x*/]", "expected , or ] in an array at byte 2"),
        Case("a name twice", #"{"a":1,"a":2}"#, #"member "a" stands twice at byte 10"#),
        Case(
            "a name twice, once in disguise",
            #"{"a":1,"\u0061":2}"#,
            #"member "a" stands twice at byte 15"#
        ),
        Case("a name twice, further in", #"[{"a":{"b":1,"b":1}}]"#, #"member "b" stands twice at byte 16"#),
        Case(
            "names that no reader can tell apart",
            #"{"\u00e9":1,"e\u0301":2}"#,
            "member \"e\u{301}\" stands twice at byte 21"
        ),
    ]

    @Test(arguments: refused) func `what it does not is refused with the place`(_ row: Case<String, String>) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: Array(row.input.utf8)) }
        #expect(error?.description == row.output)
    }

    private static let notUTF8: [Case<[UInt8], Void>] = [
        Case("a byte that starts nothing", [0x22, 0xFF, 0x22], ()),
        Case("a character cut short", [0x22, 0xE2, 0x82, 0x22], ()),
        Case("a slash written too long", [0x22, 0xC0, 0xAF, 0x22], ()),
        Case("half a character in UTF-8", [0x22, 0xED, 0xA0, 0x80, 0x22], ()),
        Case("beyond the last character", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], ()),
        Case("UTF-16", [0xFF, 0xFE, 0x31, 0x00], ()),
    ]

    @Test(arguments: notUTF8) func `bytes that are not UTF-8 are refused`(_ row: Case<[UInt8], Void>) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: row.input) }
        #expect(error?.description == "not UTF-8 at byte 0")
    }

    @Test(arguments: [("[", "]", "1"), (#"{"a":"#, "}", "[]"), (#"[{"a":"#, "}]", "1")])
    func `nesting ends at 64`(open: String, close: String, inner: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            let opening = open.utf8.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") })
            let times = depth / opening
            return Array(
                (String(repeating: open, count: times) + inner + String(repeating: close, count: times)).utf8
            )
        }
        _ = try JSON(parsing: nested(64))
        let error = #expect(throws: JSONError.self) { try JSON(parsing: nested(66)) }
        #expect(error?.reason == "nested deeper than 64")
    }

    @Test func `a million open brackets are refused, not followed`() {
        for bracket in ["[", #"{"a":"#] {
            let error = #expect(throws: JSONError.self) {
                try JSON(parsing: Array(String(repeating: bracket, count: 1_000_000).utf8))
            }
            #expect(error?.reason == "nested deeper than 64")
        }
    }
}

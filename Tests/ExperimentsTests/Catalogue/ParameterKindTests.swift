import Experiments
import Testing

@Suite struct ParameterKindTests {
    private struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let kind: ParameterKind
        let words: String
        let accepted: [String]
        let refused: [String]

        var testDescription: String { name }
    }

    private static let alarm = "arn:aws:cloudwatch:us-east-1:1:alarm:a"

    private static let rows = [
        Row(
            name: "a duration",
            kind: .duration(from: .minutes(1), to: .hours(12)),
            words: "an ISO 8601 duration from PT1M to PT12H",
            accepted: ["PT1M", "PT60S", "PT12H", "P0DT1H"],
            refused: ["", "PT59.999999999S", "PT12H0.000000001S", "P1D", "5m", "60", " PT1M"]
        ),
        Row(
            name: "a percentage",
            kind: .percentage(1...100),
            words: "a whole number from 1 to 100",
            accepted: ["1", "100", "007"],
            refused: ["", "0", "101", "-1", "+1", "1.0", "1%", " 1", "٣", "99999999999999999999"]
        ),
        Row(
            name: "a percentage with a fraction",
            kind: .fraction(0.1...100),
            words: "a number from 0.1 to 100.0",
            accepted: ["0.1", "100", "33.3", "1."],
            refused: ["", "0", "0.09", "100.1", "-1", "+1", "1e1", "0x1", "nan", "inf", ".", "1.1.1", " 1"]
        ),
        Row(
            name: "a whole number",
            kind: .integer(0...900_000),
            words: "a whole number from 0 to 900000",
            accepted: ["0", "900000"],
            refused: ["", "900001", "-1", "1e3", "0x10"]
        ),
        Row(
            name: "a whole number without an end",
            kind: .integer(1...Int.max),
            words: "a whole number of at least 1",
            accepted: ["1", "9223372036854775807"],
            refused: ["", "0", "9223372036854775808"]
        ),
        Row(
            name: "a boolean",
            kind: .boolean,
            words: "true or false",
            accepted: ["true", "false", "True", "False"],
            refused: ["", "TRUE", "yes", "1", "true "]
        ),
        Row(
            name: "a status code",
            kind: .statusCode,
            words: "three digits from 000 to 999",
            accepted: ["000", "200", "999"],
            refused: ["", "20", "1000", "-20", "2 0", "٣٣٣"]
        ),
        Row(
            name: "one of some words",
            kind: .oneOf(["a", "b", "c"]),
            words: "a, b or c",
            accepted: ["a", "c"],
            refused: ["", "A", "a,b", "d"]
        ),
        Row(
            name: "a list of words",
            kind: .list(of: .oneOf(["OK", "ALARM"]), max: 2),
            words: "a list, separated by commas, of up to 2, each OK or ALARM",
            accepted: ["OK", "OK,ALARM", " OK , ALARM "],
            refused: ["", ",", "OK,", ",OK", "OK,ALARM,OK", "OK ALARM", "OK,ok"]
        ),
        Row(
            name: "a list of names",
            kind: .list(of: .arn, max: 5),
            words: "a list, separated by commas, of up to 5, each an ARN",
            accepted: [alarm, "\(alarm), \(alarm)"],
            refused: ["", "a", "\(alarm),"]
        ),
        Row(
            name: "a list without an end",
            kind: .list(of: .text, max: .max),
            words: "a list, separated by commas, each a text of 1 to 1024 characters",
            accepted: ["a", "a, b"],
            refused: ["", " ", "a,,b"]
        ),
        Row(
            name: "a name",
            kind: .arn,
            words: "an ARN",
            accepted: [alarm],
            refused: ["", "alarm:a", "\(alarm) "]
        ),
        Row(
            name: "JSON",
            kind: .json,
            words: "the text of a JSON object",
            accepted: ["{}", #"{"DurationSeconds": "120", "a": ["b"]}"#],
            refused: ["", "[]", "1", "{", "{'a': 1}"]
        ),
        Row(
            name: "a text",
            kind: .text,
            words: "a text of 1 to 1024 characters",
            accepted: ["a", " a b "],
            refused: ["", " ", "\n\t"]
        ),
    ]

    @Test(arguments: rows) private func `accepts what it says and nothing else`(_ row: Row) {
        #expect(row.kind.accepted == row.words)
        for text in row.accepted { #expect(row.kind.accepts(text), "\(text)") }
        for text in row.refused { #expect(!row.kind.accepts(text), "\(text)") }
    }

    @Test func `says what a boolean and a list mean`() {
        #expect(ParameterKind.truth("True") == true)
        #expect(ParameterKind.truth("false") == false)
        #expect(ParameterKind.truth("0") == nil)
        #expect(ParameterKind.elements(" a, b ,,c") == ["a", "b", "", "c"])
    }

    @Test func `knows which ARNs name a resource of a type`() throws {
        let function = try #require(Catalogue.standard.resourceType("aws:lambda:function"))
        let mine = try #require(ARN("arn:aws:lambda:us-east-1:1:function:checkout"))
        let layer = try #require(ARN("arn:aws:lambda:us-east-1:1:layer:checkout"))
        let nameless = try #require(ARN("arn:aws:lambda:us-east-1:1:function:"))
        let role = try #require(ARN("arn:aws:iam::1:role/function:checkout"))
        #expect(
            function.fits(mine) && !function.fits(layer) && !function.fits(nameless) && !function.fits(role)
        )
        let anything = try #require(Catalogue.standard.resourceType("aws:arc:zonal-shift-managed-resource"))
        #expect(anything.fits(role))
    }
}

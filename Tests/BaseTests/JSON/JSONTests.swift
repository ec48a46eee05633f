import Base
import Testing

@Suite struct JSONTests {
    private let document: JSON = [
        "name": "checkout", "count": 3, "share": .number(0.5), "on": true, "list": [1, 2],
    ]

    @Test func `members and elements are found by name and place`() {
        #expect(document["name"]?.text == "checkout")
        #expect(document["list"]?[1]?.whole == 2)
        #expect(document["gone"] == nil)
        #expect(document["list"]?[2] == nil)
        #expect(document["list"]?[-1] == nil)
        #expect(document["name"]?["name"] == nil)
        #expect(document["name"]?[0] == nil)
    }

    @Test func `a value is only what it is`() {
        #expect(document["count"]?.double == 3)
        #expect(document["share"]?.double == 0.5)
        #expect(document["share"]?.whole == nil)
        #expect(document["on"]?.truth == true)
        #expect(document["on"]?.whole == nil)
        #expect(document["name"]?.double == nil)
        #expect(document["list"]?.elements?.count == 2)
        #expect(document["list"]?.members == nil)
        #expect(document.members?.count == 5)
        #expect(document.text == nil)
    }

    private static let kinds: [Case<JSON, String>] = [
        Case("null", .null, "null"),
        Case("boolean", false, "a boolean"),
        Case("whole", 1, "a number"),
        Case("fraction", .number(1.5), "a number"),
        Case("string", "", "a string"),
        Case("array", [], "an array"),
        Case("object", .object([]), "an object"),
    ]

    @Test(arguments: kinds) func `its kind is said in words`(_ row: Case<JSON, String>) {
        #expect(row.input.kind == row.output)
    }
}

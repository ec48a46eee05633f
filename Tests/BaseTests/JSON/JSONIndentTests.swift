import Base
import Testing

@Suite struct JSONIndentTests {
    @Test func `each member and element has a line, two spaces deeper than what it is in`() {
        let json: JSON = ["a": 1, "b": [true, .null, ["c": "d\n"]], "e": [], "f": [:], "g": ["h": [:]]]
        let lines = """
            {
              "a": 1,
              "b": [
                true,
                null,
                {
                  "c": "d\\n"
                }
              ],
              "e": [],
              "f": {},
              "g": {
                "h": {}
              }
            }
            """
        #expect(String(decoding: json.indented, as: UTF8.self) == lines)
    }

    @Test func `what it wrote is read as the same value`() throws {
        let json: JSON = ["text": "{\"[,]\":", "numbers": [1, .number(2.5)], "nothing": .null]
        #expect(try JSON(parsing: json.indented) == json)
    }
}

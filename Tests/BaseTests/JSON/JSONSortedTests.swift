import Base
import Testing

@Suite struct JSONSortedTests {
    @Test func `members are in the order of their names, at every depth, and elements stay`() throws {
        let one = try JSON(parsing: Array(#"{"b":[{"z":1,"a":2},3],"a":{"é":1,"e":2,"E":3},"":null}"#.utf8))
        let text = #"{"":null,"a":{"E":3,"e":2,"é":1},"b":[{"a":2,"z":1},3]}"#
        #expect(String(decoding: one.sorted.encoded, as: UTF8.self) == text)
        #expect(one.sorted.sorted == one.sorted)
    }

    @Test func `values of one meaning are equal, and others are not`() {
        let one: JSON = ["a": 1, "b": [1, 2]]
        #expect(one.sorted == JSON(dictionaryLiteral: ("b", [1, 2]), ("a", 1)).sorted)
        #expect(one.sorted != JSON(dictionaryLiteral: ("b", [2, 1]), ("a", 1)).sorted)
    }
}

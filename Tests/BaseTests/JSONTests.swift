import Base
import Testing

@Suite struct JSONTests {
    @Test func `members keep their order and whole numbers stay whole`() throws {
        let text = #"{"version":12884901907,"epoch":3,"faults":[],"share":0.5,"on":true,"no":null}"#
        #expect(try JSON(parsing: Array(text.utf8)).encoded == Array(text.utf8))
    }
}

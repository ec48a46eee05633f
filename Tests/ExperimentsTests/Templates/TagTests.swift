import Base
import Experiments
import Testing

/// Not the one that marks tests.
private typealias Tag = Experiments.Tag

@Suite struct TagTests {
    private func problems(_ json: JSON) -> [String] {
        do throws(TemplateProblems) {
            _ = try [Tag].read(json)
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    @Test func `are read in their order and written as they were`() throws {
        let json: JSON = ["b": "1", "a": "", "C": "ä ö"]
        let tags = try [Tag].read(json)
        #expect(tags == [Tag("b", "1"), Tag("a", ""), Tag("C", "ä ö")])
        #expect(tags.json == json)
        #expect(try [Tag].read([:]) == [])
        #expect([Tag]().json == [:])
    }

    @Test func `are refused with all that is wrong with them`() {
        #expect(problems(.null) == ["tags is missing: an object is accepted"])
        #expect(problems([]) == ["tags is an array: an object is accepted"])
        #expect(
            problems(["aws:a": "1", "b": 2]) == [
                #"tags has the member "aws:a": a tag key of 1 to 128 characters that does not start with aws: is accepted"#,
                "tags.b is a number: a text of at most 256 characters is accepted",
            ]
        )
        #expect(
            problems(.object((0..<51).map { .init("k\($0)", "v") })) == [
                "tags has 51 entries: at most 50 are accepted"
            ]
        )
    }

    @Test func `put over others they replace and follow`() throws {
        let tags = [Tag("a", "1"), Tag("b", "2")]
        #expect(
            try tags.merged(with: [Tag("c", "3"), Tag("a", "4")]) == [
                Tag("a", "4"), Tag("b", "2"), Tag("c", "3"),
            ]
        )
        #expect(try tags.merged(with: []) == tags)
    }

    @Test func `are 50 at most together too`() throws {
        let fifty = (0..<50).map { Tag("k\($0)", "v") }
        #expect(try fifty.merged(with: [Tag("k0", "w")]).count == 50)
        let error = #expect(throws: TemplateProblems.self) {
            try fifty.merged(with: [Tag("a", "")])
        }
        #expect(error?.description == "tags would have 51 entries: at most 50 are accepted.")
    }

    @Test func `are removed by their keys, those that are there`() {
        let tags = [Tag("a", "1"), Tag("b", "2"), Tag("c", "3")]
        #expect(tags.removing(["c", "x", "a", "a"]) == [Tag("b", "2")])
        #expect(tags.removing([]) == tags)
    }
}

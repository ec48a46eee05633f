import Base
import Testing

/// RFC 6901's own examples, and what is none.
@Suite struct JSONPointerTests {
    private static let document = """
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, " ": 7, "m~n": 8}
        """

    @Test(arguments: [
        ("/foo", #"["bar","baz"]"#), ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"),
        ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/ ", "7"), ("/m~0n", "8"),
    ])
    func `a pointer leads to its value`(_ pointer: String, _ value: String) throws {
        let json = try JSON(parsing: Array(Self.document.utf8))
        #expect(json.value(at: pointer).map { String(decoding: $0.encoded, as: UTF8.self) } == value)
        #expect(JSON.isPointer(pointer))
        #expect(json.value(at: "") == json)
    }

    @Test(arguments: [
        "/foo/2", "/foo/-", "/foo/00", "/foo/+0", "/foo/-1", "/foo/x", "/bar", "/foo/0/x", "/m~n/x", "/a~01b",
    ])
    func `a pointer to nothing leads nowhere`(_ pointer: String) throws {
        #expect(try JSON(parsing: Array(Self.document.utf8)).value(at: pointer) == nil)
    }

    @Test(arguments: ["foo", "#/foo", "/a~", "/a~2", "~0"])
    func `what is no pointer is none`(_ text: String) { #expect(!JSON.isPointer(text)) }
}

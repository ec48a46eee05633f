import Base
import ControlPlane
import Testing

@Suite struct TargetPatternTests {
    struct Case: CustomTestStringConvertible {
        let pattern: String
        let target: String
        let matches: Bool

        init(_ pattern: String, _ target: String, _ matches: Bool) {
            (self.pattern, self.target, self.matches) = (pattern, target, matches)
        }

        var testDescription: String { "\(pattern) \(matches ? "names" : "does not name") \(target)" }
    }

    static let cases = [
        Case("checkout", "checkout", true),
        Case("checkout", "checkout2", false),
        Case("checkout", "2checkout", false),
        Case("checkout", "", false),
        Case("*", "", true),
        Case("*", "anything", true),
        Case("**", "", true),
        Case("***a***", "bab", true),
        Case("check*", "checkout", true),
        Case("check*", "check", true),
        Case("check*", "chec", false),
        Case("*out", "checkout", true),
        Case("*out", "out", true),
        Case("*out", "outer", false),
        Case("a*a", "a", false),
        Case("a*a", "aa", true),
        Case("ab*ba", "aba", false),
        Case("ab*ba", "abba", true),
        Case("a*b*c", "a--b--c", true),
        Case("a*b*c", "abcbc", true),
        Case("a*b*c", "acb", false),
        Case("a*b*b", "ab", false),
        Case("*aab*", "aaab", true),
        Case("*abab*", "ababac", true),
        Case("*ababac*", "abababac", true),
        Case("x*ababac*y", "x-abababac-y", true),
        Case("x*ab*cy", "xaby", false),
        Case("*:function:*", "arn:aws:lambda:us-east-1:000000000000:function:checkout", true),
        Case("a?c", "abc", false),
        Case("A*", "abc", false),
        Case("a.c", "abc", false),
        Case("[a]*", "a", false),
    ]

    @Test(arguments: cases) func `a star stands for anything`(_ given: Case) throws {
        let pattern = try #require(TargetPattern(given.pattern))
        #expect(pattern.matches(given.target) == given.matches)
    }

    @Test func `every short pattern and text agree with the plain definition`() throws {
        let patterns = Self.words(of: ["a", "b", "*"], upTo: 5).filter { !$0.isEmpty }
        let texts = Self.words(of: ["a", "b"], upTo: 6)
        for text in patterns {
            let pattern = try #require(TargetPattern(text))
            for target in texts {
                let expected = Self.naive(Array(text.utf8)[...], Array(target.utf8)[...])
                #expect(pattern.matches(target) == expected, "\(text) on \(target)")
            }
        }
    }

    @Test(arguments: ["", " ", "a b", "ü", "a\n", String(repeating: "a", count: 513)])
    func `what is not a pattern is refused`(_ text: String) {
        #expect(TargetPattern(text) == nil)
    }

    @Test func `the hardest patterns take time in proportion to the text`() throws {
        let pattern = try #require(TargetPattern(String(repeating: "*aaaaaaab", count: 50)))
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        var matches = true
        let time = ContinuousClock().measure { matches = pattern.matches(text.span) }
        #expect(!matches)
        // Linear: 20 ms unoptimised. Going back in the text would take minutes.
        #expect(time < .seconds(10))
    }

    private static func words(of letters: [String], upTo length: Int) -> [String] {
        (0..<length).reduce(into: [[""]]) { words, _ in
            words.append((words.last ?? []).flatMap { word in letters.map { word + $0 } })
        }.flatMap { $0 }
    }

    private static func naive(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            return (0...text.count).contains { naive(pattern.dropFirst(), text.dropFirst($0)) }
        }
        return text.first == first && naive(pattern.dropFirst(), text.dropFirst())
    }
}

import Base
import Testing

@Suite struct ArgumentsTests {
    private static let flags: [Flag] = [
        .taking("url", "URL", "where"), .taking("data-dir", "DIR", "here"), .toggle("once", "one time"),
    ]

    private func read(_ words: String..., environment: [String: String] = [:]) throws(UsageError) -> Arguments
    {
        try Arguments(words, flags: Self.flags, environment: environment)
    }

    @Test func `words are sorted into flags and the rest`() throws {
        let arguments = try read("one", "--url", "http://a", "two", "--once", "--data-dir=x=y")
        #expect(arguments.positional == ["one", "two"])
        #expect(arguments["url"] == "http://a")
        #expect(arguments["data-dir"] == "x=y")
        #expect(arguments.isSet("once"))
    }

    @Test func `the command line goes before the environment, and the last of several counts`() throws {
        let environment = ["FAULTPLANE_DATA_DIR": "there", "FAULTPLANE_ONCE": "0"]
        #expect(try read(environment: environment)["data-dir"] == "there")
        #expect(try read(environment: environment).isSet("once") == false)
        let arguments = try read("--data-dir", "a", "--data-dir", "b", environment: environment)
        #expect(arguments["data-dir"] == "b" && arguments.all("data-dir") == ["a", "b"])
    }

    @Test(arguments: [
        Case("an unknown flag", ["--nothing"], "there is no flag --nothing"),
        Case("a flag nearly right", ["--urls"], "there is no flag --urls; did you mean --url?"),
        Case("a flag without its value", ["--url"], "--url needs a value: URL"),
        Case("a toggle with a value", ["--once=yes"], "--once takes no value, and was given \"yes\""),
    ])
    func `what cannot be understood is refused`(_ each: Case<[String], String>) {
        #expect(throws: UsageError(each.output)) {
            try Arguments(each.input, flags: Self.flags, environment: [:])
        }
    }

    @Test func `words without a place are refused`() throws {
        let arguments = try read("one", "two")
        #expect(throws: UsageError("there is no place for \"two\"")) { try arguments.requireNoMore(than: 1) }
    }
}

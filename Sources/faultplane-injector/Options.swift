import Base
import WebClient

/// What the command line asks for.
struct Options: Sendable {
    /// An ARN, or a function's name.
    let target: String
    let peer: WebPeer
    let instance: String
    /// How long the server may hold a poll, in seconds.
    let wait: Int
    /// How many invocations a second are made up; nil means none.
    let rate: Double?
    /// What the invocations that are made up are like where nothing is injected.
    let invocations: InvocationModel
    /// Whether the server is told what became of them.
    let isReporting: Bool
    /// Where what happens is written down; nil means on the terminal, in words.
    let record: String?
    let isOnce: Bool

    private static let flags: [Flag] = [
        .taking("url", "URL", "the server; without it the control socket of the data directory is used"),
        .taking("credentials", "FILE", default: "DATA_DIR/credentials", "the key to use with --url"),
        .taking(
            "data-dir",
            "DIR",
            default: ".faultplane",
            "where the control socket and the credentials are"
        ),
        .taking("instance", "ID", default: "a new one", "this injector's name among those of its target"),
        .taking("wait", "SECONDS", default: "20", "how long the server may hold a poll"),
        .taking("invocations-per-second", "N", "make up invocations, and say what they would suffer"),
        .taking(
            "duration",
            "MS",
            default: "20",
            "how long an invocation takes that suffers nothing, in milliseconds"
        ),
        .taking("error-rate", "SHARE", default: "0", "how many of them end in an error anyway, from 0 to 1"),
        .toggle("no-telemetry", "do not tell the server what became of them"),
        .taking("record", "FILE", "append what happens as lines of JSON, instead of saying it"),
        .toggle("once", "ask once, and end"),
    ]

    static let help = """
        usage: faultplane-injector TARGET [flags]

        An example of an injector: polls for the faults of TARGET, a function's name or ARN, and says what it would inject.

        \(Flag.table(flags))
        """

    init(_ words: [String], environment: [String: String]) throws {
        let arguments = try Arguments(words, flags: Self.flags, environment: environment)
        guard let target = arguments.positional.first else { throw UsageError("a TARGET is needed") }
        try arguments.requireNoMore(than: 1)
        self.target = target
        isOnce = arguments.isSet("once")
        record = arguments["record"]
        instance =
            try arguments.reading("instance", "1 to 256 bytes are accepted") {
                $0.utf8.count <= 256 ? $0 : nil
            } ?? "injector-\(Random.token(8, alphabet: Alphabets.lower))"
        wait =
            try arguments.reading("wait", "0 to 3600 seconds are accepted") { text in
                Int(text).flatMap { (0...3_600).contains($0) ? $0 : nil }
            } ?? 20
        rate = try arguments.reading("invocations-per-second", "a number up to 10000 is accepted") { text in
            Double(text).flatMap { $0 > 0 && $0 <= 10_000 ? $0 : nil }
        }
        let duration = try arguments.reading("duration", "0 to 3600000 milliseconds are accepted") { text in
            Double(text).flatMap { (0...3_600_000).contains($0) ? $0 : nil }
        }
        let errorRate = try arguments.reading("error-rate", "a number from 0 to 1 is accepted") { text in
            Double(text).flatMap { (0...1).contains($0) ? $0 : nil }
        }
        invocations = InvocationModel(duration: .milliseconds(duration ?? 20), errorRate: errorRate ?? 0)
        isReporting = !arguments.isSet("no-telemetry")
        peer = try Self.peer(arguments)
    }

    private static func peer(_ arguments: Arguments) throws(CredentialsFileFailure) -> WebPeer {
        let folder = arguments["data-dir"] ?? ".faultplane"
        guard let url = arguments["url"] else { return WebPeer(.socket("\(folder)/control.sock")) }
        let credentials = try CredentialsFile.read(arguments["credentials"] ?? "\(folder)/credentials")
        return WebPeer(
            .url(url.hasSuffix("/") ? String(url.dropLast()) : url),
            proof: .signature(credentials)
        )
    }
}

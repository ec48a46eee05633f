import Base
import ControlPlane
import Experiments
import Glibc
import HTTPServer

extension Command {
    static let serve = Command(
        name: "serve",
        usage: "[flags]",
        summary: "Run the server until SIGTERM or Ctrl-C.",
        flags: [
            .taking("listen", "HOST:PORT", default: "127.0.0.1:8080", "where to listen; port 0 picks one"),
            .taking(
                "database-url",
                "URL",
                "PostgreSQL to use; without it a private one is run in the data directory"
            ),
            .taking(
                "data-dir",
                "DIR",
                default: ".faultplane",
                "credentials, master key, control socket, own cluster"
            ),
            .taking(
                "master-key",
                "FILE",
                default: "DATA_DIR/master.key",
                "the deployment's secret, same on all nodes"
            ),
            .taking("region", "NAME", default: "us-east-1", "used in ARNs"),
            .taking(
                "account",
                "12 DIGITS",
                default: "000000000000",
                "the first account, whose admins are the deployment's"
            ),
            .toggle("no-auth", "everybody is admin; refused unless the listener is loopback"),
            .taking("lease", "SECONDS", default: "15", "how long an injector trusts an answer"),
            .taking(
                "overlap",
                "POLICY",
                default: "allow",
                "where templates do not say: allow, refuse or queue runs on targets of others"
            ),
            .taking("max-wait", "SECONDS", default: "50", "longest long poll"),
            .taking(
                "advertise",
                "HOST:PORT",
                default: "the bound address",
                "where other nodes reach this one"
            ),
            .taking(
                "quota",
                "NAME=N,...",
                "how much an account may have, as in experiments=100,templates=500"
            ),
            .taking(
                "rate",
                "N",
                default: "200",
                "requests a second that each key may make, and twice as many at once"
            ),
            .taking("loops", "N", default: "one per processor", "event loops"),
            .taking("log-level", "LEVEL", default: "info", "debug, info, warning or error"),
            .taking("log-sample", "N", default: "1000", "log one in N requests; 1 logs all, 0 only failures"),
        ] + SourceOptions.flags,
        run: { arguments in try await ServeRun(ServeOptions(arguments)).run() }
    )
}

extension ServeOptions {
    init(_ arguments: Arguments) throws(UsageError) {
        try arguments.requireNoMore()
        let listen = try arguments.reading("listen", "HOST:PORT with a numeric address is accepted") {
            SocketAddress($0)
        }
        let account = try arguments.reading("account", "12 digits are accepted") { AccountID($0) }
        guard let listen = listen ?? SocketAddress("127.0.0.1:8080"),
            let account = account ?? AccountID("000000000000")
        else { throw UsageError("the defaults of --listen and --account are broken") }
        self.init(listen: listen, account: account)
        databaseURL = arguments["database-url"]
        dataDirectory = arguments["data-dir"] ?? dataDirectory
        masterKeyPath = arguments["master-key"]
        region =
            try arguments.reading("region", "small letters, digits and - are accepted") { text in
                text.utf8.allSatisfy(Self.isRegionLetter) ? text : nil
            } ?? region
        isOpen = arguments.isSet("no-auth")
        advertise = try arguments.reading("advertise", "HOST:PORT is accepted") { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count > 1 && !parts[0].isEmpty && parts.last.flatMap { UInt16($0) } != nil
                ? text : nil
        }
        lease =
            try arguments.reading("lease", "3 to 300 seconds are accepted") { Self.seconds($0, 3...300) }
            ?? lease
        overlap =
            try arguments.reading("overlap", "\(OverlapPolicy.accepted) is accepted") {
                OverlapPolicy(rawValue: $0)
            } ?? overlap
        maxWait =
            try arguments.reading("max-wait", "1 to 60 seconds are accepted") { Self.seconds($0, 1...60) }
            ?? maxWait
        loops = try arguments.reading("loops", "1 to 64 are accepted") {
            Int($0).flatMap { 1...64 ~= $0 ? $0 : nil }
        }
        quotas =
            try arguments.reading("quota", Quotas.accepted) { [quotas] in Quotas($0, over: quotas) }
            ?? quotas
        allowance =
            try arguments.reading("rate", "1 to 1000000 are accepted") { text in
                Int(text).flatMap { 1...1_000_000 ~= $0 ? .init(rate: Double($0), burst: 2 * $0) : nil }
            } ?? allowance
        logLevel =
            try arguments.reading("log-level", "debug, info, warning or error is accepted") {
                Logger.Level(rawValue: $0)
            } ?? logLevel
        logSample =
            try arguments.reading("log-sample", "a whole number, 0 or more, is accepted") {
                Int($0).flatMap { $0 >= 0 ? $0 : nil }
            } ?? logSample
        sources = try SourceOptions(arguments, environment: Environment.all)
        if isOpen, !self.listen.isLoopback {
            throw UsageError(
                "--no-auth makes everybody an admin, and is refused on \(self.listen): listen on loopback"
            )
        }
    }

    private static func isRegionLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }

    private static func seconds(_ text: String, _ range: ClosedRange<Double>) -> Duration? {
        guard let seconds = Double(text), range.contains(seconds) else { return nil }
        return .seconds(seconds)
    }
}

/// One run of the server, from the flags to the exit code.
struct ServeRun {
    let options: ServeOptions

    init(_ options: ServeOptions) { self.options = options }

    func run() async throws {
        let writer = try LogWriter(descriptor: STDERR_FILENO)
        let log = Logger(sink: writer, minimum: options.logLevel)
        let (ends, end) = AsyncStream.makeStream(of: Ending.self)
        Self.hearSignals { end.yield(.signal) }
        let node = try Node(options, log: log)
        let start = Task { await begin(node, log) { end.yield(.failure($0)) } }
        var ending = Ending.signal
        for await first in ends {
            ending = first
            break
        }
        log.info("stopping")
        start.cancel()
        await node.stop()
        log.info("stopped")
        writer.flush()
        if case .failure(let failure) = ending { throw failure }
    }

    /// Says where the node listens, once it is ready or was given up waiting for.
    private func begin(
        _ node: Node,
        _ log: Logger,
        onFatal: @escaping @Sendable (Node.Failure) -> Void
    ) async {
        do throws(Node.Failure) {
            let standing = try await node.boot(onFatal: onFatal)
            if Task.isCancelled { return }
            if case .degraded(let why) = standing {
                log.warning("listening without a database", .field("error", why))
            }
            Terminal.say("listening on http://\(node.address)\n")
        } catch {
            onFatal(error)
        }
    }

    /// Whoever asks again after a moment does not want to wait.
    ///
    /// At once is no second wish: make and a terminal both pass the same Ctrl-C on.
    private static func hearSignals(_ firstTime: @escaping @Sendable () -> Void) {
        let first = Locked<Instant?>(nil)
        Signals.onEnd { _ in
            let asked = first.withLock { first in
                defer { first = first ?? .now }
                return first
            }
            guard let asked else { return firstTime() }
            if Instant.now - asked > .seconds(1) { exit(130) }
        }
    }

    private enum Ending {
        case signal
        case failure(Node.Failure)
    }
}

import Base
import Experiments
import TestSupport
import Testing
import WebClient

@testable import ControlPlane

/// The sources that are elsewhere, asked over sockets of this machine.
@Suite(.timeLimit(.minutes(2))) struct OutgoingSourcesTests {
    private static func answer(_ status: String, _ body: String, _ head: String = "") -> ScriptedPeer.Reply {
        .answer("HTTP/1.1 \(status)\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private static func vector(_ elements: String = "") -> ScriptedPeer.Reply {
        answer("200 OK", #"{"status":"success","data":{"resultType":"vector","result":[\#(elements)]}}"#)
    }

    private static func sources(_ change: (inout SourceOptions) throws -> Void) throws -> ConditionSources {
        var options = SourceOptions()
        options.environment = ["AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s3cret"]
        try change(&options)
        let absent = AbsentSource("not here")
        return try .outgoing(options, alarms: absent, telemetry: absent, clock: .system)
    }

    private static func read(
        _ sources: ConditionSources,
        _ questions: [Question],
        within limit: Duration = .seconds(20)
    ) async -> [Question: Reading] {
        var readings: [Question: Reading] = [:]
        for await (inquiry, reading) in sources.read(questions.map { Inquiry($0) }, by: .now + limit) {
            #expect(readings[inquiry.question] == nil)
            var reading = reading
            reading.latency = .zero
            readings[inquiry.question] = reading
        }
        return readings
    }

    private static func reading(
        _ finding: Reading.Finding,
        _ value: String,
        _ threshold: String = ""
    ) -> Reading {
        Reading(finding, value, threshold: threshold, latency: .zero)
    }

    @Test func `Prometheus is asked each expression, by whoever its file says, which may change`()
        async throws
    {
        let peer = try ScriptedPeer { asked in
            if asked.header("Authorization") == nil { return Self.answer("401 No", "") }
            return asked.line.contains("query=up%20%3D%3D%200&")
                ? Self.vector(#"{"metric":{"job":"a"},"value":[\#(Timestamp.now.seconds),"0"]}"#)
                : Self.vector()
        }
        let folder = TemporaryFolder()
        try Files.makeFolder(folder.path)
        let file = folder.path + "/auth"
        let sources = try Self.sources { options in
            options.prometheus = WebURL(peer.url + "/prefix/")
            options.prometheusAuth = file
        }
        let breach = Question.prometheus(PrometheusQuestion(expression: "up == 0"))
        let clear = Question.prometheus(PrometheusQuestion(expression: "absent(up)"))
        let doubtful = Question.prometheus(PrometheusQuestion(expression: "up == 0", requires: "nothing"))
        let missing = await Self.read(sources, [clear])
        #expect(missing == [clear: Self.reading(.unreadable, "there is no file \(file)")])

        try Files.replace(file, with: Array("Bearer t0ken\nsecond line".utf8))
        #expect(
            await Self.read(sources, [breach, clear, doubtful]) == [
                breach: Self.reading(.breached, #"1 element, {job="a"} 0"#),
                clear: Self.reading(.clear, "no element"),
                doubtful: Self.reading(.unreadable, #""nothing" yields nothing"#),
            ]
        )
        #expect(peer.asked.allSatisfy { $0.line.hasPrefix("GET /prefix/api/v1/query?query=") })
        #expect(peer.asked.allSatisfy { $0.header("Authorization") == "Bearer t0ken" })

        for wrong in ["basic me", "basic :word", "basic m e:word", "bearer t0 ken", "digest me:word", " "] {
            try Files.replace(file, with: Array("\(wrong)\n".utf8))
            let found = await Self.read(sources, [clear])
            let said = "\(file) is not understood: \(PrometheusAuth.accepted)"
            #expect(found == [clear: Self.reading(.unreadable, said)], "\(wrong)")
        }
        for (line, said) in [
            ("basic me:pass:word", "bWU6cGFzczp3b3Jk"), (" Basic  me:pass  word", "bWU6cGFzcyAgd29yZA=="),
        ] {
            try Files.replace(file, with: Array("\(line)\n".utf8))
            #expect(await Self.read(sources, [clear])[clear]?.finding == .clear)
            #expect(peer.asked.last?.header("Authorization") == "Basic \(said)")
        }
    }

    @Test func `a hung Prometheus holds up nobody who asks a URL`() async throws {
        let hung = try ScriptedPeer { _ in .silence }
        let well = try ScriptedPeer { _ in Self.answer("200 OK", "fine") }
        let sources = try Self.sources { $0.prometheus = WebURL(hung.url) }
        let page = Question.http(HTTPQuestion(url: well.url))
        let queries = (1...20).map { Question.prometheus(PrometheusQuestion(expression: "up == \($0)")) }
        var lostBefore: Int?
        var lost = 0
        for await (inquiry, reading) in sources.read(
            ([page] + queries).map { Inquiry($0) },
            by: .now + .seconds(10)
        ) {
            if inquiry.question == page {
                lostBefore = lost
                #expect(reading.finding == .clear)
            } else {
                #expect(reading.finding == .unreadable && reading.value == "no answer within 10 s")
                lost += 1
            }
        }
        #expect(lost == 20)
        #expect(lostBefore == 0)
    }

    @Test func `URLs are asked with their own patience, and lead nowhere they should not`() async throws {
        let peer = try ScriptedPeer { asked in
            switch asked.line.split(separator: " ")[1] {
            case "/slow": .silence
            case "/meta": Self.answer("302 Found", "", "Location: http://169.254.169.254/latest\r\n")
            case "/moved": Self.answer("302 Found", "", "Location: /health\r\n")
            case "/health": Self.answer("200 OK", #"{"status": "up"}"#)
            case "/long": Self.answer("200 OK", String(repeating: "x", count: (1 << 20) + 9))
            default: Self.answer("503 No", "")
            }
        }
        let (raw, port) = try Listening.socket()
        Listening.close(raw)
        func ask(_ value: String) throws -> Question { .http(try HTTPQuestion(peer.url + value)) }
        let refused = Question.http(HTTPQuestion(url: "http://127.0.0.1:\(port)/"))
        let nowhere = Question.http(HTTPQuestion(url: "http://nowhere.invalid/"))
        let expected: [Question: Reading] = [
            try ask("/slow within 200ms"): Self.reading(.breached, "no answer within 200 ms"),
            try ask("/meta"): Self.reading(
                .unreadable,
                "169.254.169.254 is a link-local address, which is never asked"
            ),
            try ask("/moved"): Self.reading(.clear, "status 200"),
            try ask("/moved status 300-399"): Self.reading(.clear, "status 302"),
            try ask(#"/health where /status == "up""#): Self.reading(
                .clear,
                #"/status is "up""#,
                #"not == "up""#
            ),
            try ask("/long"): Self.reading(.clear, "status 200"),
            try ask("/gone"): Self.reading(.breached, "status 503", "not 200-299"),
            refused: Self.reading(.unreadable, "Couldn't connect to server"),
            nowhere: Self.reading(.unreadable, "Couldn't resolve host name"),
        ]
        let sources = try Self.sources { _ in }
        #expect(await Self.read(sources, Array(expected.keys)) == expected)
        #expect(peer.asked.allSatisfy { $0.header("User-Agent") == "Faultplane/\(Node.version)" })
        let late = try ask("/slow within 10s")
        #expect(
            await Self.read(sources, [late], within: .milliseconds(300))
                == [late: Self.reading(.unreadable, "no answer within 0.3 s")]
        )
    }

    @Test func `who the operator named may be asked more at once than others`() throws {
        var options = SourceOptions()
        #expect(options.rules.connections == [:])
        options.prometheus = WebURL("http://prometheus:9090/prefix")
        options.cloudWatch = WebURL("https://alarms.internal")
        #expect(
            options.rules.connections == ["http://prometheus:9090": 32, "https://alarms.internal:443": 32]
        )
    }

    @Test func `an expression that went without its turn is known again, whatever time is left`() async throws
    {
        let isHung = Locked(true)
        let peer = try ScriptedPeer { _ in isHung.withLock { $0 } ? .silence : Self.vector() }
        let url = try #require(WebURL(peer.url))
        var rules = WebFleet.Rules()
        rules.connections = [url.origin: 1]
        let client = SourceClient(fleet: try WebFleet(rules), clock: .system)
        let source = PrometheusSource(url: url, auth: PrometheusAuth(path: nil), client: client)
        func read(_ expression: String, within limit: Duration) async {
            let inquiry = Inquiry(.prometheus(PrometheusQuestion(expression: expression)))
            await source.read([inquiry], by: .now + limit) { _, _ in }
        }
        async let held: Void = read("hold", within: .seconds(2))
        #expect(try await peer.waitUntil { $0.count == 1 })
        await read("missed", within: .milliseconds(200))
        async let first: Void = read("other", within: .seconds(20))
        async let second: Void = read("missed", within: .seconds(20))
        isHung.withLock { $0 = false }
        _ = await (held, first, second)
        let asked = peer.asked.compactMap {
            $0.line.split(whereSeparator: { "=&".contains($0) }).dropFirst().first
        }
        #expect(asked == ["hold", "missed", "other"])
    }

    @Test func `without a Prometheus the answer says what is missing`() async throws {
        let query = Question.prometheus(PrometheusQuestion(expression: "up == 0"))
        #expect(
            await Self.read(try Self.sources { _ in }, [query])
                == [
                    query: Self.reading(
                        .unreadable,
                        "this server asks no Prometheus: --prometheus URL names one"
                    )
                ]
        )
    }
}

import Base
import Experiments
import TestSupport
import Testing
import WebClient

@testable import ControlPlane

/// CloudWatch as it is asked: in batches, page by page, and not while it wants to be left alone.
@Suite(.timeLimit(.minutes(2))) struct CloudWatchSourceTests {
    private static func arn(_ name: String, _ region: String = "eu-west-1") -> String {
        "arn:aws:cloudwatch:\(region):123456789012:alarm:\(name)"
    }

    private static func question(_ name: String, _ region: String = "eu-west-1") -> Inquiry {
        Inquiry(.cloudWatchAlarm(CloudWatchQuestion(arn: arn(name, region))))
    }

    private static func answer(_ status: String, _ body: JSON) -> ScriptedPeer.Reply {
        let text = String(decoding: body.encoded, as: UTF8.self)
        return .answer("HTTP/1.1 \(status)\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
    }

    private static func alarm(_ name: String, _ state: String) -> JSON {
        ["AlarmArn": .string(arn(name)), "AlarmName": .string(name), "StateValue": .string(state)]
    }

    /// Answers for all that are asked for, 60 alarms to a page; names that begin with an a are in alarm, and those with an n are not there.
    private static func describe(_ asked: ScriptedPeer.Asked) -> ScriptedPeer.Reply {
        guard let json = try? JSON(parsing: Array(asked.body.utf8)) else { return answer("400 No", [:]) }
        let names = (json["AlarmNames"]?.elements ?? []).compactMap(\.text)
        let start = Int(json["NextToken"]?.text ?? "0") ?? 0
        let page = names.dropFirst(start).prefix(60).filter { !$0.hasPrefix("n") }
        var members: [JSON.Member] = [
            .init("MetricAlarms", .array(page.map { alarm($0, $0.hasPrefix("a") ? "ALARM" : "OK") }))
        ]
        if names.count > start + 60 { members.append(.init("NextToken", .string("\(start + 60)"))) }
        return answer("200 OK", .object(members))
    }

    private static func source(
        _ peer: ScriptedPeer,
        file: String? = nil,
        environment: [String: String] = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s3cret"]
    ) throws -> CloudWatchSource {
        CloudWatchSource(
            WebURL(peer.url),
            credentials: .init(path: file, environment: environment),
            client: SourceClient(fleet: try WebFleet(), clock: .system)
        )
    }

    private static func read(_ source: CloudWatchSource, _ inquiries: [Inquiry]) async -> [Inquiry: String] {
        let answers = Locked<[Inquiry: String]>([:])
        await source.read(inquiries, by: .now + .seconds(20)) { inquiry, reading in
            answers.withLock { $0[inquiry] = "\(reading.finding.rawValue): \(reading.value)" }
        }
        return answers.withLock { $0 }
    }

    @Test func `hundreds of alarms are a few questions, each page after page`() async throws {
        let peer = try ScriptedPeer { Self.describe($0) }
        let source = try Self.source(peer)
        let names = (1...120).map { "a\($0)" } + (1...120).map { "o\($0)" } + (1...10).map { "n\($0)" }
        let found = await Self.read(source, names.map { Self.question($0) })
        #expect(found.count == 250)
        for name in names {
            let wanted =
                switch name.first {
                case "a": "breached: ALARM"
                case "o": "clear: OK"
                default: "unreadable: there is no such alarm for these credentials"
                }
            #expect(found[Self.question(name)] == wanted)
        }
        // Two pages for each of two whole batches, one for the rest.
        #expect(peer.asked.count == 5)
        #expect(peer.asked.allSatisfy { $0.line == "POST / HTTP/1.1" })
        #expect(
            peer.asked.allSatisfy {
                $0.header("X-Amz-Target") == "GraniteServiceVersion20100801.DescribeAlarms"
                    && $0.header("Authorization")?.contains("Credential=AKID/") == true
                    && $0.header("Authorization")?.contains("/eu-west-1/monitoring/") == true
            }
        )
        let first = try JSON(parsing: Array(peer.asked[0].body.utf8))
        #expect(first["AlarmTypes"] == ["MetricAlarm", "CompositeAlarm"])
        let counts = try peer.asked.map {
            try JSON(parsing: Array($0.body.utf8))["AlarmNames"]?.elements?.count ?? 0
        }
        #expect(counts.sorted() == [50, 100, 100, 100, 100])
    }

    @Test func `regions are asked apart, and one alarm that cannot be asked for spoils no other`()
        async throws
    {
        let peer = try ScriptedPeer { Self.describe($0) }
        let other = Inquiry(.cloudWatchAlarm(CloudWatchQuestion(arn: Self.arn("a", "no region"))))
        let found = await Self.read(
            try Self.source(peer),
            [Self.question("a"), Self.question("a", "us-east-1"), other]
        )
        #expect(found[Self.question("a")] == "breached: ALARM")
        #expect(
            found[Self.question("a", "us-east-1")]
                == #"unreadable: there is no such alarm for these credentials; there is "\#(Self.arn("a"))""#
        )
        #expect(found[other]?.hasPrefix("unreadable: ") == true)
        #expect(
            Set(peer.asked.compactMap { $0.header("Authorization")?.contains("/us-east-1/") }) == [
                true, false,
            ]
        )
    }

    @Test func `who says that it is asked too often is left alone for a while`() async throws {
        let peer = try ScriptedPeer { _ in
            Self.answer("400 No", ["__type": "ThrottlingException", "message": "Rate exceeded"])
        }
        let source = try Self.source(peer)
        let said = "unreadable: CloudWatch answered with status 400: ThrottlingException: Rate exceeded"
        #expect(await Self.read(source, [Self.question("a")]) == [Self.question("a"): said])
        let second = await Self.read(source, [Self.question("a")])[Self.question("a")] ?? ""
        #expect(second.hasPrefix("\(said) (it is asked again in "))
        #expect(peer.asked.count == 1)
        // Another region's door is another door.
        _ = await Self.read(source, [Self.question("a", "us-east-1")])
        #expect(peer.asked.count == 2)
    }

    @Test func `a question that was answered beside the one that was refused does not end the pause`()
        async throws
    {
        let isRefused = Locked(false)
        let begun = Locked(0)
        let peer = try ScriptedPeer { asked in
            let json = try? JSON(parsing: Array(asked.body.utf8))
            begun.withLock { $0 += 1 }
            begun.announce()
            _ = begun.wait(atMost: .seconds(20)) { $0 >= 2 }
            if json?["AlarmNames"]?.elements?.count == 100 {
                return Self.answer("400 No", ["__type": "ThrottlingException", "message": "Rate exceeded"])
            }
            // The other one is answered once the refusal has been heard.
            _ = isRefused.wait(atMost: .seconds(20)) { $0 }
            return Self.describe(asked)
        }
        let source = try Self.source(peer)
        let inquiries = (1...150).map { Self.question("o\($0)") }
        let findings = Locked<[Reading.Finding]>([])
        await source.read(inquiries, by: .now + .seconds(20)) { _, reading in
            findings.withLock { $0.append(reading.finding) }
            if reading.finding == .unreadable, !isRefused.withLock({ $0 }) {
                isRefused.withLock { $0 = true }
                isRefused.announce()
            }
        }
        #expect(findings.withLock { $0.count { $0 == .unreadable } } == 100)
        #expect(findings.withLock { $0.count { $0 == .clear } } == 50)
        let second = await Self.read(source, inquiries)
        #expect(second.count == 150)
        #expect(second.values.allSatisfy { $0.contains("Rate exceeded (it is asked again in ") })
        #expect(peer.asked.count == 2)
    }

    @Test func `credentials come from the file, whenever it changes, else from the environment`() async throws
    {
        let peer = try ScriptedPeer { asked in
            asked.header("X-Amz-Security-Token") == "old"
                ? Self.answer("403 No", ["__type": "ExpiredToken", "message": "expired"])
                : Self.describe(asked)
        }
        let folder = TemporaryFolder()
        try Files.makeFolder(folder.path)
        let file = folder.path + "/credentials"
        let source = try Self.source(peer, file: file)
        let asked = Self.question("o")
        func read() async -> String? { await Self.read(source, [asked])[asked] }
        func write(_ token: String) throws {
            let text = "[default]\naws_access_key_id=AKID\naws_secret_access_key = x\n\(token)\n[other]\n"
            try Files.replace(file, with: Array(text.utf8))
        }
        #expect(await read() == "unreadable: there is no file \(file)")
        try Files.replace(file, with: Array("[default]\naws_access_key_id = AKID\n".utf8))
        #expect(await read() == "unreadable: \(file) has no aws_secret_access_key in its section [default]")
        try write("aws_session_token = old")
        #expect(
            await read() == "unreadable: CloudWatch answered with status 403: ExpiredToken: expired "
                + "(the credentials of \(file) have expired)"
        )
        try write("aws_session_token = new")
        #expect(await read() == "clear: OK")
        #expect(peer.asked.last?.header("X-Amz-Security-Token") == "new")

        let bare = try Self.source(peer, environment: [:])
        let said = await Self.read(bare, [asked])[asked] ?? ""
        #expect(said.hasPrefix("unreadable: this server has no credentials for CloudWatch: "))
        let full = try Self.source(
            peer,
            environment: ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "env"]
        )
        #expect(await Self.read(full, [asked])[asked] == "clear: OK")
        #expect(peer.asked.last?.header("X-Amz-Security-Token") == "env")
    }
}

import Base
import HTTPServer
import TestSupport
import Testing
import WebClient

@testable import ControlPlane

/// Whether the sources of stop conditions answer: what the doctor says of them.
@Suite(.timeLimit(.minutes(1))) struct DoctorSourcesTests {
    private static func findings(_ change: (inout SourceOptions) -> Void) async throws -> [Finding] {
        let listen = try #require(SocketAddress("127.0.0.1:0"))
        let account = try #require(AccountID("000000000000"))
        var options = ServeOptions(listen: listen, account: account)
        change(&options.sources)
        return await Doctor(options, log: Logger(sink: NoLog())).sources()
    }

    private static func peer(_ body: String, _ status: String = "200 OK") throws -> ScriptedPeer {
        try ScriptedPeer { _ in
            .answer("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    @Test func `where nothing is named there is nothing to say`() async throws {
        #expect(try await Self.findings { _ in } == [])
    }

    @Test func `sources that answer are well`() async throws {
        let element = #"{"metric":{},"value":[\#(Timestamp.now.seconds),"1"]}"#
        let prometheus = try Self.peer(
            #"{"status":"success","data":{"resultType":"vector","result":[\#(element)]}}"#
        )
        let cloudWatch = try Self.peer(#"{"MetricAlarms":[],"CompositeAlarms":[]}"#)
        let found = try await Self.findings { sources in
            sources.prometheus = WebURL(prometheus.url)
            sources.cloudWatch = WebURL(cloudWatch.url)
            sources.environment = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"]
        }
        #expect(
            found == [
                .ok("prometheus", "\(prometheus.url)/ answers queries"),
                .ok("cloudwatch", "\(cloudWatch.url)/ answers for its alarms"),
            ]
        )
        #expect(prometheus.asked.first?.line.contains("query=vector%281%29&") == true)
        #expect(
            cloudWatch.asked.first?.body == #"{"AlarmTypes":["MetricAlarm","CompositeAlarm"],"MaxRecords":1}"#
        )
    }

    @Test func `sources that do not answer are warnings with the reason`() async throws {
        let prometheus = try Self.peer("Unauthorized", "401 No")
        let found = try await Self.findings { sources in
            sources.prometheus = WebURL(prometheus.url)
            sources.cloudWatchCredentials = "/nowhere/credentials"
            sources.authorities = "/nowhere/ca.pem"
        }
        let what = "stop conditions on it would stop runs"
        #expect(
            found == [
                .warning(
                    "source-ca",
                    "there is no file /nowhere/ca.pem, so no source is believed to be who it says"
                ),
                .warning(
                    "prometheus",
                    "\(prometheus.url)/ cannot be read: answered with status 401: Unauthorized; \(what)"
                ),
                .warning("cloudwatch", "it cannot be read: there is no file /nowhere/credentials; \(what)"),
            ]
        )
    }

    @Test func `a password that everybody here can read is a warning`() async throws {
        let folder = TemporaryFolder()
        try Files.makeFolder(folder.path)
        let file = folder.path + "/auth"
        try Files.replace(file, with: Array("bearer x\n".utf8), mode: 0o644)
        let found = try await Self.findings { $0.prometheusAuth = file }
        #expect(found == [.warning("prometheus", "\(file) can be read by everybody here: chmod 600 \(file)")])
    }
}

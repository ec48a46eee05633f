import Base
import TestSupport
import Testing

/// What the commands say of a run that waits for another.
@Suite(.timeLimit(.minutes(5))) struct OverlapCommandTests {
    @Test func `start, status and watch say that it waits and for whom`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let template = try RunDrill(server).prepare(OverlapCrashTests.way(for: "PT5M"))
            let holder = try server.start(template)
            let started = try Program.run(["start", template] + way)
            let id = String(started.output.prefix { $0 != "\n" })
            let standing = "queued at place 1 behind \(holder), until "
            #expect(started.code == 0 && started.complaint.hasPrefix("\(id) is \(standing)"), "\(started)")
            #expect(started.complaint.hasSuffix(" at the latest\n"))
            let status = try Program.run(["status", id] + way)
            #expect(status.output.hasPrefix("\(id)  pending  \(standing)"), "\(status)")
            let watching = try RunningProgram(["watch", id] + way)
            let reason =
                "experiment \(id)  waiting: Queued: target \(RunDrill.function) is held by experiment \(holder)"
            #expect(await watching.says(reason), "\(watching.output)")
            _ = try Program.run(["stop", holder] + way)
            #expect(await watching.says("experiment \(id)  waiting -> promoted: Its targets are free."))
            #expect(await watching.says("action Fail  initiating -> running"))
            _ = try Program.run(["stop", id] + way)
            let end = try watching.ended()
            #expect(end.code == 1 && end.output.contains("stopping -> stopped"), "\(end)")
        }
    }
}

import Base
import Glibc
import TestSupport
import Testing

/// The example of an injector as a process of its own, beside a real server.
@Suite(.timeLimit(.minutes(3))) struct InjectorProgramTests {
    private static let way = CrashMatrixTests.ways[1]

    /// Lends a server with a template that is ready to be started.
    private func withDrill(
        _ body: @Sendable (RunDrill, _ template: String) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let server = try await place.start(["--database-url", url, "--lease", "3"])
                _ = try server.port()
                let drill = RunDrill(server)
                try await body(drill, try drill.prepare(Self.way))
            }
        }
    }

    private func lines(of path: String) -> [JSON] {
        let bytes = (try? Files.read(path, limit: 64 << 20)) ?? []
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(parsing: Array($0)) }
    }

    @Test func `a record has the fault after its start, nothing after its stop, and an end`() async throws {
        try await withDrill { drill, template in
            let (scratch, folder) = (try Scratch(), drill.server.folder)
            let record = scratch.path + "/record"
            let injector = try RunningProgram(
                [
                    "checkout", "--data-dir", folder, "--instance", "one", "--wait", "2",
                    "--invocations-per-second", "50", "--record", record,
                ],
                program: Program.injector
            )
            func last(_ kind: String) -> JSON? { lines(of: record).last { $0["kind"]?.text == kind } }
            let isThere = await holds(within: .seconds(20)) {
                last("asked")?["named"]?.whole != nil && last("invoked")?["injected"] == []
            }
            #expect(isThere, "\(injector.complaint)")
            let run = try #require(drill.start(Self.way, template))
            let fault = JSON.array([.string("\(run)/Fail")])
            #expect(await holds(within: .seconds(20)) { last("invoked")?["injected"] == fault })
            let stop = try Program.run(["stop", run, "--data-dir", folder])
            let proof = "\nFail on \(RunDrill.function): 1 of 1 let go\n"
            #expect(stop.code == 0 && stop.output.hasSuffix(proof), "\(stop)")
            #expect(await holds(within: .seconds(20)) { last("invoked")?["injected"] == [] })

            let asked = Instant.now
            try injector.process.signal(SIGTERM)
            #expect(try injector.ended() == Program.Run(code: 0))
            #expect(Instant.now - asked < .seconds(2), "a poll that waits holds nothing up")
            try check(lines(of: record))
        }
    }

    /// The record as its readers are promised it.
    private func check(_ lines: [JSON]) throws {
        let kinds = lines.map { $0["kind"]?.text ?? "" }
        #expect(kinds.first == "start" && kinds.last == "end")
        #expect(Set(kinds) == ["start", "asked", "answered", "invoked", "end"])
        let start = try #require(lines.first)
        #expect(start["target"] == "checkout" && start["instance"] == "one")
        let boots = lines.map { $0["boot"]?.whole ?? -1 }
        #expect(boots == boots.sorted() && !boots.contains(-1))
        #expect(lines.allSatisfy { $0["wall"]?.whole != nil })
        let polls = lines.filter { $0["kind"] == "asked" }.map { $0["poll"]?.whole ?? -1 }
        #expect(polls == (1...Int64(polls.count)).map { $0 })
        let answers = lines.filter { $0["kind"] == "answered" }
        #expect(answers.map { $0["poll"]?.whole ?? -1 } == Array(polls.prefix(answers.count)))
        let first = try #require(answers.first)
        #expect(first["status"] == 200 && first["headers"]?["faultplane-lease"]?.text != nil)
        #expect(first["body"]?["version"]?.whole.map { "\"\($0)\"" } == first["headers"]?["etag"]?.text)
        #expect(try JSON(parsing: Array((first["raw"]?.text ?? "").utf8)) == first["body"])
        #expect(answers.filter { $0["status"] == 304 }.allSatisfy { $0["body"] == .null && $0["raw"] == "" })
        let requests = lines.filter { $0["kind"] == "invoked" }.map { $0["request"]?.text ?? "" }
        #expect(requests == (1...requests.count).map { "one-\($0)" })
    }

    @Test func `by a key it says what is on, and that trust ended while its poll hangs`() async throws {
        try await withDrill { drill, template in
            let server = drill.server
            let injector = try RunningProgram(
                [
                    RunDrill.function, "--url", "http://\(try server.address())", "--data-dir", server.folder,
                    "--invocations-per-second", "20", "--instance", "two",
                ],
                program: Program.injector
            )
            #expect(await injector.says(": nothing\n"), "\(injector.complaint)")
            let run = try #require(drill.start(Self.way, template))
            #expect(await injector.says(": 1 fault; \(run)/Fail aws:lambda:invocation-error until "))
            #expect(await injector.says(": \(run)/Fail aws:lambda:invocation-error\n"))
            try server.process.signal(SIGSTOP)
            let stopped = Instant.now
            #expect(await injector.says("  trust ended\n"), "\(injector.output)")
            #expect(Instant.now - stopped < .seconds(3.5), "a lease of 3 s, and how often was looked")
            try injector.process.signal(SIGINT)
            #expect(try injector.ended().code == 0)
            let after = injector.output.split(separator: "trust ended\n").dropFirst()
            #expect(after.isEmpty, "an invocation was injected after it")
            try server.process.signal(SIGKILL)
        }
    }

    @Test func `asked once it says what is on and ends, and nobody there is an error`() async throws {
        try await withDrill { drill, _ in
            func once(_ folder: String) throws -> Program.Run {
                try RunningProgram(["checkout", "--once", "--data-dir", folder], program: Program.injector)
                    .ended()
            }
            let run = try once(drill.server.folder)
            #expect(run.code == 0 && run.output.hasSuffix(": nothing\n"), "\(run)")
            let nobody = try once("/nowhere")
            #expect(nobody.code == 1 && nobody.output.contains("no answer: Couldn't connect"), "\(nobody)")
            let usage = try RunningProgram([], program: Program.injector).ended()
            #expect(usage.code == 2 && usage.complaint.hasPrefix("faultplane-injector: a TARGET is needed\n"))
        }
    }
}

import Base
import TestSupport
import Testing

/// `faultplane stop-all` and `lever`: they name the plane they reached, and doing it twice is harmless.
@Suite(.timeLimit(.minutes(5))) struct LeverCommandTests {
    /// The words behind a name at the start of a line.
    private func value(_ name: String, _ run: Program.Run) -> String? {
        run.output.split(separator: "\n").first { $0.hasPrefix(name + " ") }.map { line in
            String(line.dropFirst(12))
        }
    }

    @Test func `stop-all stops what runs, holds back what starts, and may be repeated`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let template = try server.template(waiting: "PT1H")
            let ids = try [server.start(template), server.start(template)].sorted()
            let first = try Program.run(["stop-all", "--reason", "too much"] + way)
            #expect(first.code == 0 && first.complaint.isEmpty, "\(first)")
            #expect(value("plane", first) == "\(place.path)/control.sock")
            #expect(value("lever", first)?.hasPrefix("engag") == true)
            #expect(value("reason", first) == "too much")
            #expect(value("stopped", first) == "2 runs")
            let named = first.output.split(separator: "\n").filter { $0.hasPrefix("            EXP") }
            #expect(named.map { String($0.dropFirst(12)) }.sorted() == ids)
            let hint =
                "let runs start again: faultplane lever disengage --reason TEXT --data-dir \(place.path)\n"
            #expect(first.output.hasSuffix(hint))
            let isOver = try await holds(within: .seconds(20)) {
                try ids.allSatisfy { try server.status(of: $0) == "stopped" }
            }
            #expect(isOver)

            let url = ["--url", "http://" + (try server.address())] + way
            let second = try Program.run(["stop-all", "--reason", "again"] + url)
            #expect(second.code == 0 && value("plane", second) == url[1], "\(second)")
            #expect(value("epoch", second) == value("epoch", first))
            #expect(value("engagement", second) == value("engagement", first))
            #expect(value("engagement", second)?.hasPrefix("ENG") == true)
            #expect(value("reason", second) == "too much" && value("stopped", second) == "2 runs")
            #expect(value("recorded", second) == "on disk and in the database")
            #expect(value("nodes", second) == "1 of 1 confirmed")
            #expect(value("instances", second) == "none with a lease held a fault")
            #expect(value("off by", second)?.hasSuffix("Z at the latest") == true)

            let refused = try Program.run(["start", template, "--wait"] + way)
            let id = String(refused.output.prefix { $0 != "\n" })
            let cancelled = "faultplane: \(id) is cancelled: Experiment cancelled because the safety lever"
            #expect(refused.code == 1 && refused.complaint.hasPrefix(cancelled), "\(refused)")
        }
    }

    @Test func `stop-all of an account leaves the lever alone`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let id = try server.start(try server.template(waiting: "PT1H"))
            let words = ["stop-all", "--reason", "mine", "--scope", "account"] + way
            let told = "plane       \(place.path)/control.sock\nstopped     1 run\n            \(id)\n"
            #expect(try Program.run(words) == .init(code: 0, output: told))
            let isOver = try await holds(within: .seconds(20)) { try server.status(of: id) == "stopped" }
            #expect(isOver)
            let none = "plane       \(place.path)/control.sock\nstopped     no runs\n"
            #expect(try Program.run(words) == .init(code: 0, output: none))
            let answer = try Program.run(words + ["--json"])
            #expect(answer == .init(code: 0, output: #"{"scope":"account","experimentsStopped":[]}"# + "\n"))
            #expect(try value("lever", Program.run(["lever", "status"] + way)) == "disengaged")
        }
    }

    @Test func `the lever is engaged, seen and disengaged`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let fresh = try Program.run(["lever", "status"] + way)
            #expect(fresh.code == 0 && value("lever", fresh) == "disengaged", "\(fresh)")
            let engaged = try Program.run(["lever", "engage", "--reason", "a drill\u{1B}[2J"] + way)
            #expect(engaged.code == 0 && value("lever", engaged) == "engaged", "\(engaged)")
            #expect(value("plane", engaged) == "\(place.path)/control.sock")
            #expect(value("reason", engaged) == "a drill?[2J")
            #expect(value("engagement", engaged)?.hasPrefix("ENG") == true)
            #expect(try Program.run(["lever", "status"] + way) == engaged)
            let json = try Program.run(["lever", "status", "--json"] + way)
            #expect(try JSON(parsing: Array(json.output.utf8))["status"]?.text == "engaged")
            let done = try Program.run(["lever", "disengage", "--reason", "drill over"] + way)
            #expect(done.code == 0 && value("lever", done) == "disengaged", "\(done)")
            #expect(value("reason", done) == "drill over" && value("engagement", done) == nil)
            #expect(value("epoch", done) == value("epoch", engaged))
            #expect(try Program.run(["lever", "disengage", "--reason", "twice"] + way) == done)
        }
    }

    @Test func `who may not, is told so`() async throws {
        try await withServerOnTestDatabase { server, place in
            let made = try Program.run(
                ["key", "create", "--role", "viewer", "--name", "v", "--json", "--data-dir", place.path]
            )
            let key = try JSON(parsing: Array(made.output.utf8))
            let file = place.scratch.path + "/viewer"
            let lines = [
                "[default]", "aws_access_key_id = \(key["key"]?["id"]?.text ?? "")",
                "aws_secret_access_key = \(key["secret"]?.text ?? "")\n",
            ]
            try Files.replace(file, with: Array(lines.joined(separator: "\n").utf8), mode: 0o600)
            let url = ["--url", "http://" + (try server.address()), "--credentials", file]
            #expect(try Program.run(["lever", "status"] + url).code == 0)
            #expect(try Program.run(["status"] + url).code == 0)
            for words in [["stop-all", "--reason", "x"], ["lever", "engage", "--reason", "x"]] {
                let refused = try Program.run(words + url)
                #expect(refused.code == 1 && refused.output.isEmpty, "\(refused)")
                #expect(refused.complaint.hasPrefix("faultplane: AccessDeniedException: "), "\(refused)")
            }
        }
    }
}

import Base
import Glibc
import TestSupport
import Testing

/// `faultplane start` and `stop`: what they print, and with which exit code they end.
@Suite(.timeLimit(.minutes(5))) struct StartCommandTests {
    @Test func `a run that is waited for to its end ends the command with 0`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let template = try server.template(waiting: "PT1S")
            let run = try Program.run(["start", template, "--wait"] + way)
            #expect(run.code == 0 && run.complaint.isEmpty, "\(run)")
            let id = String(run.output.prefix { $0 != "\n" })
            #expect(
                withoutMoments(run.output.split(separator: "\n")) == [
                    id, "to stop it:  faultplane stop \(id) --data-dir \(place.path)",
                    "experiment \(id)  pending: Experiment is pending.",
                    "experiment \(id)  pending -> initiating: Experiment is initiating.",
                    "experiment \(id)  initiating -> running: Experiment is running.",
                    "action Wait  pending -> initiating: Action is initiating.",
                    "action Wait  initiating -> running",
                    "action Wait  running -> completed: Action was completed.",
                    "experiment \(id)  running -> completed: Experiment completed.",
                ]
            )
            #expect(try server.status(of: id) == "completed")
            let again = try Program.run(["stop", id] + way)
            #expect(again == .init(code: 0, output: "\(id) is completed: Experiment completed.\n"))
        }
    }

    @Test func `a run that is stopped meanwhile ends the waiting with 1`() async throws {
        try await withServerOnTestDatabase { server, place in
            let template = try server.template(waiting: "PT1H")
            let url = ["--url", "http://" + (try server.address()), "--data-dir", place.path]
            let waiting = try RunningProgram(["start", template, "--wait"] + url)
            #expect(await waiting.says("action Wait  initiating -> running"), "\(waiting.complaint)")
            let id = String(waiting.output.prefix { $0 != "\n" })
            let stopped = try Program.run(["stop", id] + url)
            #expect(stopped == .init(code: 0, output: "\(id) is stopping: Stopping Experiment.\n"))
            let end = try waiting.ended()
            let why = "faultplane: \(id) is stopped: Experiment stopped by request.\n"
            #expect(end.code == 1 && end.complaint == why, "\(end)")
            #expect(end.output.hasSuffix("stopping -> stopped: Experiment stopped by request.\n"), "\(end)")
        }
    }

    @Test func `Ctrl-C and the end of the time leave the run going, and say how to stop it`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let template = try server.template(waiting: "PT1H")
            let waiting = try RunningProgram(["start", template, "--wait"] + way)
            #expect(await waiting.says("action Wait  initiating -> running"), "\(waiting.complaint)")
            let id = String(waiting.output.prefix { $0 != "\n" })
            try waiting.process.signal(SIGINT)
            let end = try waiting.ended()
            let hint = "goes on; to stop it: faultplane stop"
            let told = "\nfaultplane: \(id) \(hint) \(id) --data-dir \(place.path)\n"
            #expect(end.code == 130 && end.complaint == told, "\(end)")
            #expect(try server.status(of: id) == "running")

            let late = try Program.run(["start", template, "--wait", "--timeout", "1s"] + way)
            let other = String(late.output.prefix { $0 != "\n" })
            let over = "faultplane: the time is up, and \(other) \(hint) \(other) --data-dir \(place.path)\n"
            #expect(late.code == 3 && late.complaint == over, "\(late)")
            #expect(try server.status(of: other) == "running")
        }
    }

    @Test func `a start says what it was told to`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let template = try server.template(waiting: "PT1H")
            let more = ["--tag", "team=a=b", "--tag=Name=x y", "--client-token", "once"]
            let first = try Program.run(["start", template] + more + way)
            let id = String(first.output.prefix { $0 != "\n" })
            let lines = [
                id, "to watch it: faultplane watch \(id) --data-dir \(place.path)",
                "to stop it:  faultplane stop \(id) --data-dir \(place.path)\n",
            ]
            #expect(first == .init(code: 0, output: lines.joined(separator: "\n")))
            #expect(try Program.run(["start", template] + more + way) == first)
            #expect(try server.run(id)["tags"] == ["team": "a=b", "Name": "x y"])

            let preview = try Program.run(["start", template, "--preview", "--wait", "--json"] + way)
            let told = preview.output.split(separator: "\n").compactMap { try? JSON(parsing: Array($0.utf8)) }
            #expect(preview.code == 0 && told.count > 2, "\(preview)")
            #expect(told.first?["experiment"]?["experimentOptions"]?["actionsMode"]?.text == "skip-all")
            #expect(told.dropFirst().map { $0["number"]?.whole } == (1..<Int64(told.count)).map { $0 })
            #expect(told.last?["to"]?.text == "completed")
        }
    }

    @Test func `what the server refuses is said in its words`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            for words in [["stop", "EXPnone"], ["status", "EXPnone"], ["watch", "EXPnone"]] {
                let told = "faultplane: ResourceNotFoundException: There is no experiment EXPnone.\n"
                #expect(try Program.run(words + way) == .init(code: 1, complaint: told))
            }
            let missing = "faultplane: ResourceNotFoundException: There is no experiment template EXTnone.\n"
            for words in [["start", "EXTnone"], ["start", "EXTnone", "--wait"]] {
                #expect(try Program.run(words + way) == .init(code: 1, complaint: missing))
            }
            let template = try server.template(waiting: "PT1H")
            let token = try Program.run(["start", template, "--client-token", "a b"] + way)
            #expect(token.code == 1 && token.complaint.contains("clientToken is \"a b\""), "\(token)")
        }
    }

    @Test func `without a server each command ends with 3`() async throws {
        try await onThread {
            let scratch = try Scratch()
            let place = "the server at \(scratch.path)/control.sock"
            let told =
                "faultplane: Cannot reach \(place): Couldn't connect to server. Is it running? "
                + "(--url and --data-dir say where it is.)\n"
            for words in [
                ["start", "EXT1", "--wait"], ["stop", "EXP1"], ["stop-all", "--reason", "x"],
                ["lever", "engage", "--reason", "x"], ["lever", "disengage", "--reason", "x"],
                ["lever", "status"], ["status"], ["status", "EXP1"], ["watch", "EXP1"],
            ] {
                let run = try Program.run(words + ["--data-dir", scratch.path])
                #expect(run == .init(code: 3, complaint: told), "\(words)")
            }
        }
    }
}

import Base
import Glibc
import TestSupport
import Testing

/// `faultplane watch` and `status`: the whole story of a run, as it happens and afterwards.
@Suite(.timeLimit(.minutes(5))) struct WatchCommandTests {
    /// A diamond, given in another order than that of its starts.
    private static let diamond: [(name: String, duration: String, after: [String])] = [
        ("Last", "PT1S", ["Left", "Right"]), ("Right", "PT2S", ["First"]), ("Left", "PT1S", ["First"]),
        ("First", "PT1S", []),
    ]

    @Test func `watch tells every event of a run in order`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let id = try server.start(try server.template(Self.diamond))
            let url = ["--url", "http://" + (try server.address())] + way
            let watched = try Program.run(["watch", id] + url)
            #expect(watched.code == 0 && watched.complaint.isEmpty, "\(watched)")
            let start = [
                "experiment \(id)  pending: Experiment is pending.",
                "experiment \(id)  pending -> initiating: Experiment is initiating.",
                "experiment \(id)  initiating -> running: Experiment is running.",
            ]
            func starts(_ name: String) -> [String] {
                [
                    "action \(name)  pending -> initiating: Action is initiating.",
                    "action \(name)  initiating -> running",
                ]
            }
            func ends(_ name: String) -> [String] {
                ["action \(name)  running -> completed: Action was completed."]
            }
            let middle =
                starts("First") + ends("First") + starts("Right") + starts("Left") + ends("Left")
                + ends("Right") + starts("Last") + ends("Last")
            let end = ["experiment \(id)  running -> completed: Experiment completed."]
            #expect(withoutMoments(watched.output.split(separator: "\n")) == start + middle + end)
            #expect(try Program.run(["watch", id] + way) == watched, "afterwards it is told the same")

            let json = try Program.run(["watch", id, "--json"] + way)
            let events = json.output.split(separator: "\n").compactMap { try? JSON(parsing: Array($0.utf8)) }
            let listed = try server.askControl("/experiments/\(id)/events").json?["events"]?.elements
            #expect(json.code == 0 && events == listed)

            // One moment stands for all: each column is as wide whatever they are.
            let shown = try Program.run(["status", id] + way)
            let moment = shown.output.split(separator: " ").first { $0.hasSuffix("Z") } ?? "none"
            let begun = shown.output.split(separator: "\n").dropFirst(2).compactMap { line in
                line.split(separator: " ").first { $0.hasSuffix("Z") }
            }
            // The first action may begin in the second after that in which the run was asked for.
            #expect(begun.count == 4 && ([moment] + begun).isSorted, "\(shown)")
            let lines = shown.output.split(separator: "\n").map { line in
                line.split(separator: " ", omittingEmptySubsequences: false).map { word in
                    word.hasSuffix("Z") && word.count == 20 ? "20xx-xx-xxTxx:xx:xxZ" : word
                }.joined(separator: " ")
            }
            #expect(
                shown.code == 0
                    && lines == [
                        "\(id)  completed  after 4 s: Experiment completed.",
                        "ACTION    STATUS     TIME      STARTED               DOES          REASON",
                        "First     completed  took 1 s  20xx-xx-xxTxx:xx:xxZ  aws:fis:wait",
                        "  Right   completed  took 2 s  20xx-xx-xxTxx:xx:xxZ  aws:fis:wait",
                        "  Left    completed  took 1 s  20xx-xx-xxTxx:xx:xxZ  aws:fis:wait",
                        "    Last  completed  took 1 s  20xx-xx-xxTxx:xx:xxZ  aws:fis:wait",
                    ],
                "\(shown)"
            )
        }
    }

    @Test func `on a terminal watch draws one block again and again, and leaves the last`() async throws {
        try await withServerOnTestDatabase { server, place in
            let id = try server.start(try server.template(Self.diamond))
            let command =
                "stty cols 60 rows 20; exec '\(Program.path)' watch \(id) --data-dir '\(place.path)'"
            let watched = try Command(
                "/usr/bin/script",
                ["-qec", command, "/dev/null"],
                environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm", "SHELL": "/bin/sh"]
            ).run(timeLimit: .seconds(30), outputLimit: 1 << 20)
            #expect(watched.isSuccess, "\(watched)")
            let blocks = watched.output.split(separator: "\u{1B}[J")
            #expect(blocks.contains { $0.contains("\(id)  running  ") && $0.contains(" left") })
            #expect(blocks.contains { $0.contains("    Last  pending    in ") && $0.contains(", for 1 s") })
            let last = blocks.last.map { String($0) } ?? ""
            #expect(last.hasPrefix("\u{1B}[6A\r\u{1B}[K\(id)  completed  after 4 s: Exper"), "\(last)")
            let shown = last.split(separator: "\r\n").map { $0.split(separator: "\u{1B}[K").last ?? "" }
            #expect(shown.count == 6 && shown.allSatisfy { $0.count <= 59 }, "\(shown)")
            #expect(
                shown.dropFirst(2).map { $0.prefix(31) } == [
                    "  First     completed  took 1 s", "    Right   completed  took 2 s",
                    "    Left    completed  took 1 s", "      Last  completed  took 1 s",
                ]
            )
        }
    }

    @Test func `a watch outlives its server, and misses and repeats nothing`() async throws {
        try await withTestDatabase { database in
            let url = try await database.url()
            try await withDataFolder { place in
                let server = try await place.start(["--database-url", url])
                _ = try server.port()
                let id = try server.start(try server.template(waiting: "PT1H"))
                let watch = try RunningProgram(["watch", id, "--data-dir", place.path])
                #expect(await watch.says("action Wait  initiating -> running"), "\(watch.complaint)")
                try server.process.signal(SIGKILL)
                _ = try server.ended()
                #expect(await watch.complains("faultplane: lost the run from sight, trying again: "))
                let next = try await place.start(["--database-url", url])
                _ = try next.port()
                #expect(try Program.run(["stop", id, "--data-dir", place.path]).code == 0)
                let end = try watch.ended()
                #expect(end.code == 1, "\(end)")
                #expect(
                    withoutMoments(end.output.split(separator: "\n")).dropFirst(3) == [
                        "action Wait  pending -> initiating: Action is initiating.",
                        "action Wait  initiating -> running",
                        "action Wait  running -> stopping: Stopping action.",
                        "experiment \(id)  running -> stopping: Stopping Experiment.",
                        "action Wait  stopping -> stopped: Action was stopped because the experiment ended.",
                        "experiment \(id)  stopping -> stopped: Experiment stopped by request.",
                    ],
                    "\(end)"
                )
                _ = try next.stop()
            }
        }
    }

    @Test func `status shows the lever and the runs, those that run apart`() async throws {
        try await withServerOnTestDatabase { server, place in
            let way = ["--data-dir", place.path]
            let none = try Program.run(["status"] + way)
            #expect(none.code == 0 && none.output.hasSuffix("\n\nno active run\n"), "\(none)")
            let template = try server.template(waiting: "PT1H")
            let ids = try (0..<3).map { _ in try server.start(template) }
            #expect(try Program.run(["stop", ids[1]] + way).code == 0)
            let isOver = try await holds(within: .seconds(20)) { try server.status(of: ids[1]) == "stopped" }
            #expect(isOver)
            let shown = try Program.run(["status"] + way)
            let parts = shown.output.split(separator: "\n", omittingEmptySubsequences: false).split(
                separator: ""
            )
            let heads = parts.map { $0.map { $0.prefix { $0 != " " } } }
            #expect(
                shown.code == 0
                    && heads == [
                        ["plane", "ready", "lever", "reason", "epoch"],
                        ["active:", "EXPERIMENT", ids[2][...], ids[0][...]],
                        ["ended", "EXPERIMENT", ids[1][...]],
                    ],
                "\(shown)"
            )
            #expect(shown.output.contains("\nready       yes\nlever       disengaged\n"))
            #expect(shown.output.contains("\n\(ids[0])  running  \(template)  "))
            #expect(shown.output.hasSuffix("Z  Experiment stopped by request.\n"))

            let told = try Program.run(["status", "--json"] + way)
            let json = try JSON(parsing: Array(told.output.utf8))
            #expect(json.members?.map(\.name) == ["plane", "readiness", "lever", "active", "ended"])
            #expect(json["active"]?.elements?.compactMap { $0["id"]?.text } == [ids[2], ids[0]])
            let one = try Program.run(["status", ids[0], "--json"] + way)
            #expect(try JSON(parsing: Array(one.output.utf8))["experiment"]?["id"]?.text == ids[0])
            let running = try Program.run(["status", ids[0]] + way)
            // A second may have passed, or more.
            let first = running.output.prefix { $0 != "\n" }
            #expect(first.contains(" s of 1 h, ") && first.hasSuffix(" left"), "\(running)")
        }
    }
}

extension [Substring] {
    fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }
}

import Base

extension Command {
    static let stopAll = Command(
        name: "stop-all",
        usage: "--reason TEXT [--wait SECONDS] [--scope account] [flags]",
        summary: "Engage the safety lever: stop every run, start none, and see who has confirmed it.",
        flags: [
            .taking("reason", "TEXT", "why; everybody who looks will read it"),
            .taking(
                "wait",
                "SECONDS",
                default: "20",
                "how long to follow, until everybody who could inject something has confirmed or is off"
            ),
            .taking(
                "scope",
                "SCOPE",
                default: "deployment",
                "deployment, or account: stop only the own account's runs, and leave the lever"
            ),
        ] + Plane.flags,
        notes: """
            Doing it again is harmless: the engagement stays the one it was. The faults of whoever confirms nothing end with their lease;
            "off by" says when that is.

            \(exitCodes)
            """,
        run: { arguments in
            try arguments.requireNoMore()
            let reason = try arguments.reason(of: "stop-all")
            let scope = try arguments.reading("scope", "deployment or account is accepted") { text in
                ["deployment", "account"].contains(text) ? text : nil
            }
            let wait = try arguments.waiting(default: 20)
            let plane = try Plane(arguments)
            let deadline = Instant.now + wait
            var members: [JSON.Member] = [.init("reason", .string(reason))]
            if let scope { members.append(.init("scope", .string(scope))) }
            var answer = try plane.ask("POST", "/emergency-stop", .object(members))
            if scope == "account" {
                if arguments.isSet("json") { return Output.json(answer) }
                print("plane       \(plane.place)")
                return print(Halt(answer).stopped)
            }
            var watch = HaltWatch(plane)
            answer = await watch.follow(answer, until: deadline)
            if arguments.isSet("json") { return Output.json(answer) }
            let halt = Halt(answer)
            print("plane       \(plane.place)")
            print((halt.lines + halt.silent).joined(separator: "\n"))
            print(halt.stopped)
            print("let runs start again: faultplane lever disengage --reason TEXT\(plane.flags)")
        }
    )
}

import Base

extension Command {
    static let stopAll = Command(
        name: "stop-all",
        usage: "--reason TEXT [--scope account] [flags]",
        summary: "Engage the safety lever: stop every run, and start none until it is disengaged.",
        flags: [
            .taking("reason", "TEXT", "why; everybody who looks will read it"),
            .taking(
                "scope",
                "SCOPE",
                default: "deployment",
                "deployment, or account: stop only the own account's runs, and leave the lever"
            ),
        ] + Plane.flags,
        notes: """
            Doing it again is harmless: the engagement stays the one it was.

            \(exitCodes)
            """,
        run: { arguments in
            try arguments.requireNoMore()
            let reason = try arguments.reason(of: "stop-all")
            let scope = try arguments.reading("scope", "deployment or account is accepted") { text in
                ["deployment", "account"].contains(text) ? text : nil
            }
            let plane = try Plane(arguments)
            var members: [JSON.Member] = [.init("reason", .string(reason))]
            if let scope { members.append(.init("scope", .string(scope))) }
            let answer = try plane.ask("POST", "/emergency-stop", .object(members))
            if arguments.isSet("json") { return Output.json(answer) }
            let halt = Halt(answer)
            print("plane       \(plane.place)")
            if scope != "account" { print(halt.lines.joined(separator: "\n")) }
            print(halt.stopped)
            if scope != "account" {
                print("let runs start again: faultplane lever disengage --reason TEXT\(plane.flags)")
            }
        }
    )
}

import Base

extension Command {
    static let lever = Command(
        name: "lever",
        usage: "engage --reason TEXT | disengage --reason TEXT | status [flags]",
        summary: "Hold all runs back, let them start again, or see which of the two it is.",
        flags: [.taking("reason", "TEXT", "why; everybody who looks will read it")] + Plane.flags,
        notes: exitCodes,
        run: { arguments in try LeverRun(arguments).run() }
    )
}

/// One `faultplane lever ...`.
private struct LeverRun {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws {
        switch arguments.positional.first {
        case "engage": try put("engaged", "lever engage")
        case "disengage": try put("disengaged", "lever disengage")
        case "status":
            try arguments.requireNoMore(than: 1)
            let plane = try Plane(arguments)
            try show(try plane.ask("GET", "/emergency-stop"), plane)
        case let other:
            throw UsageError(
                "lever needs engage, disengage or status\(other.map { ", not \"\($0)\"" } ?? "")"
            )
        }
    }

    private func put(_ status: String, _ command: String) throws {
        try arguments.requireNoMore(than: 1)
        let reason = try arguments.reason(of: command)
        let plane = try Plane(arguments)
        let answer = try plane.ask(
            "PATCH",
            "/safetyLevers/default/state",
            ["state": ["status": .string(status), "reason": .string(reason)]]
        )
        if arguments.isSet("json") { return Output.json(answer) }
        try show(try plane.ask("GET", "/emergency-stop"), plane)
    }

    private func show(_ answer: JSON, _ plane: Plane) throws {
        if arguments.isSet("json") { return Output.json(answer) }
        print("plane       \(plane.place)")
        print(Halt(answer).lines.joined(separator: "\n"))
    }
}

import Base

extension Command {
    static let stop = Command(
        name: "stop",
        usage: "EXPERIMENT [--wait SECONDS] [flags]",
        summary:
            "Stop a run, clear its faults, and see who has let go of them; one that has ended stays as it is.",
        flags: [
            .taking(
                "wait",
                "SECONDS",
                default: "20",
                "how long to follow, until every instance that held a fault has let go of it or its lease is over"
            )
        ] + Plane.flags,
        notes: exitCodes,
        run: { arguments in
            let id = try arguments.experiment(of: "stop")
            let wait = try arguments.waiting(default: 20)
            let plane = try Plane(arguments)
            let answer = try plane.ask("DELETE", "/experiments/\(id)")
            if arguments.isSet("json") { return Output.json(answer) }
            guard let view = RunView(answer) else { throw PlaneError.garbled(plane: plane.name) }
            print(Output.printable("\(view.id) is \(view.status): \(view.reason)"))
            let coverage = try await Coverage.followed(of: id, on: plane, until: .now + wait)
            for line in coverage.lines { print(line) }
        }
    )
}

extension Arguments {
    /// What `--wait` says.
    func waiting(default seconds: Double) throws(UsageError) -> Duration {
        let given = try reading("wait", "a number of seconds from 0 to 3600 is accepted") { text in
            Double(text).flatMap { (0...3_600).contains($0) ? $0 : nil }
        }
        return .seconds(given ?? seconds)
    }
}

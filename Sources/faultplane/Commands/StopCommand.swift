import Base

extension Command {
    static let stop = Command(
        name: "stop",
        usage: "EXPERIMENT [flags]",
        summary: "Stop a run, and clear its faults; one that has ended stays as it is.",
        flags: Plane.flags,
        notes: exitCodes,
        run: { arguments in
            let id = try arguments.experiment(of: "stop")
            let plane = try Plane(arguments)
            let answer = try plane.ask("DELETE", "/experiments/\(id)")
            if arguments.isSet("json") { return Output.json(answer) }
            guard let view = RunView(answer) else { throw PlaneError.garbled(plane: plane.name) }
            print(Output.printable("\(view.id) is \(view.status): \(view.reason)"))
        }
    )
}

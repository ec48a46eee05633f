extension Command {
    static let watch = Command(
        name: "watch",
        usage: "EXPERIMENT [flags]",
        summary: "Follow a run to its end: drawn on a terminal, else a line for each event.",
        flags: Plane.flags,
        notes: """
            With --json each event is one line of JSON. Ending this command changes nothing for the run.

            \(exitCodesOfRuns) for a minute.
            """,
        run: { arguments in
            let id = try arguments.experiment(of: "watch")
            let plane = try Plane(arguments)
            let view = try RunView.read(id, from: plane)
            try await RunWatch(view, of: plane, .init(arguments)).follow()?.requireCompleted()
        }
    )
}

import Base
import WebClient

extension Command {
    static let status = Command(
        name: "status",
        usage: "[EXPERIMENT] [flags]",
        summary: "Show the lever and the runs, or one run and its actions.",
        flags: Plane.flags,
        notes: exitCodes,
        run: { arguments in
            let isJSON = arguments.isSet("json")
            if arguments.positional.isEmpty { return try PlaneStatus.show(try Plane(arguments), isJSON) }
            let id = try arguments.experiment(of: "status")
            let plane = try Plane(arguments)
            let answer = try plane.ask("GET", "/experiments/\(id)")
            if isJSON { return Output.json(answer) }
            guard let view = RunView(answer) else { throw PlaneError.garbled(plane: plane.name) }
            let now = Timestamp.now
            print(view.headline(at: now))
            print(view.table(at: now).text, terminator: "")
            let guards = GuardLines.read(of: id, from: plane)
            if !guards.isEmpty { print("\nwatched:\n" + guards.map { "  " + $0 }.joined(separator: "\n")) }
        }
    )
}

/// What a plane does just now.
private enum PlaneStatus {
    private static let endedShown = 10

    static func show(_ plane: Plane, _ isJSON: Bool) throws(PlaneError) {
        let readiness = try readiness(of: plane)
        if !isJSON {
            print("plane       \(plane.place)")
            print("ready       \(Output.printable(text(readiness)))")
        }
        let halt = try plane.ask("GET", "/emergency-stop")
        if !isJSON { print(Halt(halt).lines.joined(separator: "\n")) }
        let runs = try RunList(of: plane)
        let ended = Array(runs.ended.prefix(endedShown))
        if isJSON {
            return Output.json([
                "plane": .string(plane.place), "readiness": readiness, "lever": halt,
                "active": .array(runs.active), "ended": .array(ended),
            ])
        }
        print(runs.active.isEmpty ? "\nno active run" : "\nactive:\n\(table(runs.active))", terminator: "")
        if runs.active.isEmpty { print("") }
        if !ended.isEmpty { print("\nended lately:\n\(table(ended))", terminator: "") }
        if runs.isCut { print("\n(there are older runs, which were not looked through)") }
    }

    /// A plane that is not ready says why, which is an answer too.
    private static func readiness(of plane: Plane) throws(PlaneError) -> JSON {
        let answer = try plane.exchange("GET", "/readyz")
        guard let json = try? JSON(parsing: answer.body), json["ready"]?.truth != nil else {
            throw plane.refusal(answer)
        }
        return json
    }

    private static func text(_ readiness: JSON) -> String {
        let problems = (readiness["checks"]?.members ?? []).filter { $0.value.text != "ok" }
        if readiness["ready"]?.truth == true { return "yes" }
        return "no; " + problems.map { "\($0.name): \($0.value.text ?? "not known")" }.joined(separator: "; ")
    }

    private static func table(_ runs: [JSON]) -> String {
        let rows = runs.map { run in
            [
                run["id"]?.text ?? "-", run["state"]?["status"]?.text ?? "-",
                run["experimentTemplateId"]?.text ?? "-", Output.time(run["creationTime"]),
                run["state"]?["reason"]?.text ?? "",
            ]
        }
        return Table(["EXPERIMENT", "STATUS", "TEMPLATE", "CREATED", "REASON"], rows).text
    }
}

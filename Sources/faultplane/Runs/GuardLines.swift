import Base

/// What is watched for a run, and how that stood when it was last looked at.
enum GuardLines {
    /// A line for each condition; none where nothing is watched, or where the server is older than guards.
    static func read(of id: String, from plane: Plane) -> [String] {
        let answer = try? plane.ask("GET", "/experiments/\(id)/guards?maxResults=1")
        return (answer?["guards"]?.elements ?? []).flatMap { guarding in
            (guarding["conditions"]?.elements ?? []).map { line($0, of: guarding["name"]?.text ?? "") }
        }
    }

    private static func line(_ condition: JSON, of name: String) -> String {
        func text(_ name: String) -> String { condition[name]?.text ?? "" }
        // Conditions that end the run say by their names where they stand; others say whose they are.
        let whose = name == "stop-conditions" ? "" : "\(name): "
        let found = condition["verdict"] == .null ? "not read yet" : "\(text("verdict")), \(text("reading"))"
        let threshold = text("threshold").isEmpty ? "" : " (\(text("threshold")))"
        return Output.printable(
            "\(whose)\(text("name")), \(text("source")) \(text("value")): \(found)\(threshold)"
        )
    }
}

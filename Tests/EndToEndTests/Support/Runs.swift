import Base
import TestSupport

/// Templates and runs for tests of the commands that handle them.
extension Server {
    /// Makes a template that waits: each action by its name, with how long, and after which others.
    func template(
        _ actions: [(name: String, duration: String, after: [String])],
        until condition: JSON = ["source": "none"]
    ) throws -> String {
        let members = actions.map { action in
            JSON.Member(
                action.name,
                [
                    "actionId": "aws:fis:wait", "parameters": ["duration": .string(action.duration)],
                    "startAfter": .array(action.after.map { .string($0) }),
                ]
            )
        }
        let answer = try control(
            "POST",
            "/experimentTemplates",
            [
                "clientToken": .string(Random.token(12)), "description": "waits",
                "stopConditions": [condition], "actions": .object(members),
                "roleArn": "arn:aws:iam::000000000000:role/tests",
            ]
        )
        guard let id = answer.json?["experimentTemplate"]?["id"]?.text else { throw Trouble(answer.text) }
        return id
    }

    func template(waiting duration: String) throws -> String { try template([("Wait", duration, [])]) }

    /// What the server says of a run.
    func run(_ id: String) throws -> JSON {
        let answer = try askControl("/experiments/\(id)")
        guard let run = answer.json?["experiment"] else { throw Trouble(answer.text) }
        return run
    }

    /// The state of a run, in one word.
    func status(of id: String) throws -> String { try run(id)["state"]?["status"]?.text ?? "" }

    /// Starts a run by the program, and gives its id.
    func start(_ template: String, _ more: [String] = []) throws -> String {
        let run = try Program.run(["start", template, "--data-dir", folder] + more)
        guard run.code == 0, let id = run.output.split(separator: "\n").first else { throw Trouble("\(run)") }
        return String(id)
    }
}

/// A line for each event without the moment in front, which no test can know.
func withoutMoments(_ lines: some Sequence<Substring>) -> [String] {
    lines.map { line in
        let digits = line.prefix(24)
        let isMoment = digits.count == 24 && digits.last == "Z" && digits.first?.isNumber == true
        return isMoment ? String(line.dropFirst(26)) : String(line)
    }
}

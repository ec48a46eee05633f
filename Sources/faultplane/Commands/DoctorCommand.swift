import Base
import ControlPlane
import Glibc
import WebClient

extension Command {
    static let doctor = Command(
        name: "doctor",
        usage: "[the flags of serve]",
        summary: "Look for what is wrong here, and say how to mend it; changes nothing.",
        flags: Command.serve.flags + [.toggle("json", "print the findings as JSON")],
        run: { arguments in try await DoctorRun(arguments).run() }
    )
}

/// One visit: what can be seen from outside, then what the running server says of itself.
private struct DoctorRun {
    let options: ServeOptions
    let printsJSON: Bool

    init(_ arguments: Arguments) throws(UsageError) {
        options = try ServeOptions(arguments)
        printsJSON = arguments.isSet("json")
    }

    func run() async throws {
        let findings = await Doctor(options, log: Logger(sink: NoLog())).examine() + server()
        if printsJSON {
            Output.json(.array(findings.map(\.json)))
        } else {
            for finding in findings { print(finding.line) }
        }
        if findings.contains(where: { $0.grade == .problem }) { exit(1) }
    }

    /// The server that runs on the data directory, asked by its control socket.
    private func server() -> [Finding] {
        let socket = DataDirectory.controlSocket(in: options.dataDirectory)
        guard Files.exists(socket) else {
            return [.warning("server", "none has run on \(options.dataDirectory) yet")]
        }
        do throws(PlaneError) {
            let answer = try Plane(socket: socket).exchange("GET", "/readyz")
            let readiness = try? JSON(parsing: answer.body)
            let problems = (readiness?["checks"]?.members ?? []).filter { $0.value.text != "ok" }
            if problems.isEmpty { return [.ok("server", "running and ready, by \(socket)")] }
            return problems.map { .problem("server, \($0.name)", $0.value.text ?? "not known") }
        } catch {
            guard case .unreachable = error else { return [.problem("server", error.description)] }
            return [
                .warning("server", "not running on \(options.dataDirectory); `faultplane serve` starts it")
            ]
        }
    }
}

extension Finding {
    fileprivate var line: String {
        let mark =
            switch grade {
            case .ok: "ok      "
            case .warning: "warning "
            case .problem: "PROBLEM "
            }
        return mark + subject + String(repeating: " ", count: max(1, 18 - subject.count)) + text
    }

    fileprivate var json: JSON {
        ["grade": .string(grade.rawValue), "subject": .string(subject), "text": .string(text)]
    }
}

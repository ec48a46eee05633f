import Base
import Glibc
import TestSupport

/// A command that does not end by itself, or not at once: read while it runs.
final class RunningProgram: Sendable {
    let process: ProcessHandle
    private let scratch: Scratch

    /// Starts it with its output and its complaints in files of a test's own.
    init(_ arguments: [String], program: String = Program.path) throws {
        try Program.requireBuilt()
        scratch = try Scratch()
        let command = Program.shell(
            "exec \"$@\" >\"$OUTPUT\" 2>\"$COMPLAINTS\"",
            arguments,
            ["OUTPUT": scratch.path + "/stdout", "COMPLAINTS": scratch.path + "/stderr"],
            in: "/",
            program: program
        )
        let nowhere = try FileDescriptor.open("/dev/null", O_WRONLY)
        process = try command.start(output: nowhere.raw)
    }

    deinit { try? process.signal(SIGKILL) }

    var output: String { text("stdout") }
    var complaint: String { text("stderr") }

    private func text(_ name: String) -> String {
        String(decoding: (try? Files.read(scratch.path + "/" + name)) ?? [], as: UTF8.self)
    }

    /// True once its output has this text.
    func says(_ text: String) async -> Bool { await holds(within: .seconds(20)) { output.contains(text) } }

    /// True once its complaints have this text.
    func complains(_ text: String) async -> Bool {
        await holds(within: .seconds(20)) { complaint.contains(text) }
    }

    /// Waits for its end.
    func ended(within limit: Duration = .seconds(30)) throws -> Program.Run {
        guard try process.wait(until: .now + limit) else { throw Trouble("still running: \(output)") }
        guard case .exited(let code) = process.reap() else {
            throw Trouble("ended by a signal: \(complaint)")
        }
        return Program.Run(code: code, output: output, complaint: complaint)
    }
}

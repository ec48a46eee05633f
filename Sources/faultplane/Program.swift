import Base
import ControlPlane
import Glibc

/// The command line's beginning and end: finds the command, runs it, and turns what it throws into an exit code.
@main
enum Program {
    static let version = Node.version

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.first == Command.serve.name { Signals.whileHeld { await finish(words) } }
        if words.first == Command.start.name {
            Signals.onEnd { exit(128 + $0) }
            Signals.whileHeld { await finish(words) }
        }
        // The others hold nothing that Ctrl-C could hurt. This thread is the main actor's, and only waits from here on.
        Task.detached { await finish(words) }
        while true { pause() }
    }

    private static func finish(_ words: [String]) async -> Never {
        do {
            try await run(words)
            exit(0)
        } catch let error as UsageError {
            fail(error.message + "\n(faultplane \(words.first ?? "") --help shows what is accepted)", code: 2)
        } catch let error as CommandFailure {
            fail(error.message, code: error.code)
        } catch let error as PlaneError {
            fail(error.description, code: error.exitCode)
        } catch let error as CredentialsFileFailure {
            fail(error.description, code: PlaneError.notAsked)
        } catch let error as any CustomStringConvertible {
            fail(error.description, code: 1)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    private static func run(_ words: [String]) async throws {
        guard let name = words.first else { fail(Command.overview, code: 2) }
        if ["--help", "-h", "help"].contains(name) { return print(Command.overview, terminator: "") }
        if name == "--version" { return print("faultplane \(version)") }
        guard let command = Command.all.first(where: { $0.name == name }) else {
            fail("there is no command \"\(name)\"\n(faultplane --help shows those there are)", code: 2)
        }
        let rest = Array(words.dropFirst())
        if rest.contains("--help") || rest.contains("-h") { return print(command.help, terminator: "") }
        let arguments = try Arguments(rest, flags: command.flags, environment: Environment.all)
        try await command.run(arguments)
    }

    /// Says why on standard error, and ends the process.
    static func fail(_ message: String, code: CInt) -> Never {
        let text = message.hasPrefix("usage:") ? message : "faultplane: \(message)\n"
        Terminal.complain(text)
        exit(code)
    }
}

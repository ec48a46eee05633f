import Base
import Glibc
import Testing

/// The program as it was built, found beside the test bundle.
enum Program {
    static let path = folder + "/faultplane"
    /// The example of an injector, built with it.
    static let injector = folder + "/faultplane-injector"

    private static var folder: String {
        let path = target(of: "/proc/self/exe")
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Where a process stands; empty where there is none.
    static func currentFolder(of process: Int32) -> String { target(of: "/proc/\(process)/cwd") }

    private static func target(of link: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(link, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What one run of a command said, and its exit code.
    struct Run: Equatable, CustomStringConvertible {
        var code: Int32
        var output = ""
        var complaint = ""

        var description: String { "exit code \(code)\noutput:\n\(output)\ncomplaint:\n\(complaint)" }
    }

    /// Runs a command that ends by itself.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: String = "/",
        within limit: Duration = .seconds(60)
    ) throws -> Run {
        try requireBuilt()
        let scratch = try Scratch()
        let complaints = scratch.path + "/stderr"
        let command = shell(
            "exec \"$@\" 2>\"$COMPLAINTS\"",
            arguments,
            environment.merging(["COMPLAINTS": complaints]) { own, _ in own },
            in: folder
        )
        let outcome = try command.run(timeLimit: limit, outputLimit: 1 << 20)
        let complaint = try Files.read(complaints) ?? []
        guard case .exited(let code) = outcome.status else {
            throw Trouble(
                "\(arguments) ended by \(outcome.status): \(String(decoding: complaint, as: UTF8.self))"
            )
        }
        return Run(code: code, output: outcome.output, complaint: String(decoding: complaint, as: UTF8.self))
    }

    /// The program under a shell, which can do what posix_spawn cannot: limits, and errors apart from output.
    static func shell(
        _ script: String,
        _ arguments: [String],
        _ environment: [String: String],
        in folder: String,
        program: String = path
    ) -> Command {
        var command = Command("/bin/sh", ["-c", script, "sh", program] + arguments, folder: folder)
        command.environment.merge(environment) { _, new in new }
        // For scripts that start themselves again inside something.
        command.environment["SCRIPT"] = script
        return command
    }

    static func requireBuilt() throws {
        guard Files.exists(path) else {
            throw Trouble("\(path) is not there: build it with `swift build --product faultplane`")
        }
    }
}

/// What keeps a test from doing its work, in words.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A folder of a test's own, and all in it, gone with it.
final class Scratch: Sendable {
    let path: String

    init(mode: UInt32 = 0o700) throws {
        path = "/tmp/faultplane-e2e-" + Random.token(8)
        try Files.makeFolder(path, mode: mode)
    }

    deinit { _ = try? Command("/bin/rm", ["-rf", path]).run(timeLimit: .seconds(30)) }
}

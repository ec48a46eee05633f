import Base
import Glibc
import TestSupport
import Testing

/// The help of every command, held to files that are read in review.
@Suite(.timeLimit(.minutes(1))) struct HelpTests {
    private static let folder =
        String(#filePath.prefix { _ in true }).split(separator: "/").dropLast()
        .map { "/" + $0 }.joined() + "/Snapshots"

    /// The commands that the overview names, so that a new one is held to its file by itself.
    private func commands() throws -> [String] {
        let overview = try Program.run(["--help"])
        #expect(overview.code == 0 && overview.complaint.isEmpty)
        let lines = overview.output.split(separator: "\n").drop { $0 != "commands:" }.dropFirst()
        return lines.prefix { $0.hasPrefix("  ") }.compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
    }

    @Test func `every command's help reads as its file says`() async throws {
        try await onThread { try compare() }
    }

    private func compare() throws {
        let names = try commands()
        #expect(names.count >= 5)
        var helps = ["overview": try Program.run(["--help"])]
        for name in names {
            helps[name] = try Program.run([name, "--help"])
            #expect(try Program.run([name, "-h"]) == helps[name])
        }
        for (name, help) in helps {
            #expect(help.code == 0 && help.complaint.isEmpty, "\(name)")
            let path = "\(Self.folder)/\(name).txt"
            let expected = try Files.read(path).map { String(decoding: $0, as: UTF8.self) }
            if getenv("FAULTPLANE_RECORD_SNAPSHOTS") != nil {
                try Files.replace(path, with: Array(help.output.utf8), mode: 0o644)
            }
            #expect(help.output == expected, "\(path) differs; FAULTPLANE_RECORD_SNAPSHOTS=1 writes it anew")
        }
    }

    @Test func `the version is said`() async throws {
        let said = try await onThread { try Program.run(["--version"]) }
        #expect(said == .init(code: 0, output: "faultplane 0.1.0\n"))
    }
}

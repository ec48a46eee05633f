import Base

/// Something the program can be asked to do.
struct Command: Sendable {
    let name: String
    /// The words after the name, in the help.
    let usage: String
    let summary: String
    let flags: [Flag]
    /// Left out of the overview: for scripts of this repository.
    var isHidden = false
    /// What else its help says, below the flags.
    var notes = ""
    let run: @Sendable (Arguments) async throws -> Void

    static let all: [Command] = [
        .serve, .migrate, .start, .stop, .stopAll, .lever, .status, .watch, .key, .account, .whoAmI, .doctor,
        .openAPI,
    ]

    /// The whole help of one command.
    var help: String {
        var text = "usage: faultplane \(name)\(usage.isEmpty ? "" : " \(usage)")\n\n\(summary)\n"
        if flags.isEmpty { return text }
        text += "\n" + Flag.table(flags)
        return notes.isEmpty ? text : text + "\n" + notes + "\n"
    }

    static var overview: String {
        var text = """
            usage: faultplane COMMAND [flags]

            Faultplane \(Program.version): a self-hosted control plane for fault injection.

            commands:

            """
        for command in all where !command.isHidden {
            text +=
                "  " + command.name + String(repeating: " ", count: max(1, 10 - command.name.count))
                + command.summary + "\n"
        }
        return text
            + "\nfaultplane COMMAND --help shows a command's flags; --version this program's version.\n"
    }
}

/// One flag of a command: its name, what it takes, and where else its value may come from.
package struct Flag: Sendable {
    package let name: String
    /// What stands for the value in the help; nil for a flag that is only there or not.
    package let value: String?
    package let fallback: String?
    package let help: String

    package static func taking(
        _ name: String,
        _ value: String,
        default fallback: String? = nil,
        _ help: String
    ) -> Flag {
        Flag(name: name, value: value, fallback: fallback, help: help)
    }

    package static func toggle(_ name: String, _ help: String) -> Flag {
        Flag(name: name, value: nil, fallback: nil, help: help)
    }

    /// `--data-dir` may also be given as `FAULTPLANE_DATA_DIR`.
    package var variable: String {
        "FAULTPLANE_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// The part of a help that is about flags.
    package static func table(_ flags: [Flag]) -> String {
        var text = "flags (each may also be an environment variable, as shown):\n"
        for flag in flags {
            let left = "  --\(flag.name)\(flag.value.map { " \($0)" } ?? "")"
            let fallback = flag.fallback.map { " [\($0)]" } ?? ""
            text +=
                left + String(repeating: " ", count: max(1, 28 - left.count)) + flag.help + fallback + "\n"
            text += String(repeating: " ", count: 28) + flag.variable + "\n"
        }
        return text
    }
}

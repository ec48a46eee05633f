/// The words after a command, sorted into flags and the rest.
package struct Arguments: Sendable {
    private var values: [String: [String]] = [:]
    package private(set) var positional: [String] = []

    /// Takes the words apart; what the flags do not name is refused with the nearest that they do.
    package init(_ words: [String], flags: [Flag], environment: [String: String]) throws(UsageError) {
        for flag in flags {
            if let value = environment[flag.variable], !value.isEmpty { values[flag.name] = [value] }
        }
        var named: Set<String> = []
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word != "--" else {
                if word != "--" { positional.append(word) }
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = String(parts[0])
            guard let flag = flags.first(where: { $0.name == name }) else {
                throw UsageError("there is no flag --\(name)\(Self.suggestion(name, flags))")
            }
            let value = try Self.value(of: flag, inline: parts.count > 1 ? String(parts[1]) : nil, &rest)
            let isAgain = !named.insert(name).inserted
            values[name] = (isAgain ? values[name] ?? [] : []) + [value]
        }
    }

    /// The flag's value, from the command line, else the environment; of several the last.
    package subscript(_ name: String) -> String? { values[name]?.last }

    /// All values of a flag that may be given several times.
    package func all(_ name: String) -> [String] { values[name] ?? [] }

    package func isSet(_ name: String) -> Bool {
        guard let value = self[name] else { return false }
        return !["0", "false", "no", ""].contains(value.lowercased())
    }

    package func reading<Value>(
        _ name: String,
        _ accepted: String,
        _ read: (String) -> Value?
    ) throws(UsageError) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = read(text) else { throw UsageError("--\(name) is \"\(text)\": \(accepted)") }
        return value
    }

    private static func value(
        of flag: Flag,
        inline: String?,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let placeholder = flag.value else {
            if let inline { throw UsageError("--\(flag.name) takes no value, and was given \"\(inline)\"") }
            return "true"
        }
        guard let given = inline ?? rest.popFirst(), !given.isEmpty else {
            throw UsageError("--\(flag.name) needs a value: \(placeholder)")
        }
        return given
    }

    /// Refuses words that no flag claimed, where the command takes none, or no more.
    package func requireNoMore(than count: Int = 0) throws(UsageError) {
        guard positional.count > count else { return }
        throw UsageError("there is no place for \"\(positional[count])\"")
    }

    private static func suggestion(_ name: String, _ flags: [Flag]) -> String {
        let near = flags.map(\.name).filter { $0.hasPrefix(name.prefix(3)) }
        return near.isEmpty ? "" : "; did you mean --\(near.joined(separator: " or --"))?"
    }
}

/// A command line that cannot be understood; exit code 2.
package struct UsageError: Error, Equatable {
    package let message: String
    package init(_ message: String) { self.message = message }
}

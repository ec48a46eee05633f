extension JSON {
    /// The value for people: each member and element on a line of its own, two spaces for each depth.
    package var indented: [UInt8] {
        var bytes: [UInt8] = []
        writeIndented(to: &bytes, depth: 0)
        return bytes
    }

    private func writeIndented(to bytes: inout [UInt8], depth: Int) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            Self.writeLines(elements, between: ("[", "]"), to: &bytes, depth: depth) { element, bytes in
                element.writeIndented(to: &bytes, depth: depth + 1)
            }
        case .object(let members) where !members.isEmpty:
            Self.writeLines(members, between: ("{", "}"), to: &bytes, depth: depth) { member, bytes in
                JSON.string(member.name).write(to: &bytes)
                bytes += ": ".utf8
                member.value.writeIndented(to: &bytes, depth: depth + 1)
            }
        case .null, .bool, .integer, .number, .string, .array, .object: write(to: &bytes)
        }
    }

    private static func writeLines<Line>(
        _ lines: [Line],
        between ends: (start: String, end: String),
        to bytes: inout [UInt8],
        depth: Int,
        _ write: (Line, inout [UInt8]) -> Void
    ) {
        bytes += ends.start.utf8
        for (index, line) in lines.enumerated() {
            bytes += (index == 0 ? "\n" : ",\n").utf8
            bytes += repeatElement(UInt8(ascii: " "), count: 2 * (depth + 1))
            write(line, &bytes)
        }
        bytes += "\n".utf8
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
        bytes += ends.end.utf8
    }
}

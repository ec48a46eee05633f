extension String {
    /// The text for a message: in quotes, what is long cut at 100 characters, and nothing in it that moves a cursor.
    package var quoted: String { "\"\(printable)\"" }

    /// The same without quotes, as a part of a path.
    var printable: String {
        // Nearly all names are such, and paths are made often.
        if utf8.count <= 100, utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        var text = ""
        var rest = unicodeScalars[...]
        for scalar in rest.prefix(100) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        rest = rest.dropFirst(100)
        return rest.isEmpty ? text : text + "..."
    }
}

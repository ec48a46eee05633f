/// Reads the words of a condition one after the other, and knows the character at which it stands.
struct ConditionScanner {
    private let characters: [Character]
    /// The next character, counted from 0.
    var offset = 0

    init(_ text: String) { characters = Array(text) }

    /// Past the spaces, whether nothing is left.
    var isAtEnd: Bool { characters[offset...].allSatisfy(\.isWhitespace) }

    mutating func skipSpaces() {
        while offset < characters.count, characters[offset].isWhitespace { offset += 1 }
    }

    /// Takes these very characters, where they are next.
    mutating func take(_ text: String) -> Bool {
        guard characters[offset...].starts(with: text) else { return false }
        offset += text.count
        return true
    }

    /// Takes a sign, past the spaces.
    mutating func takeSign(_ sign: String) -> Bool {
        let start = offset
        skipSpaces()
        if take(sign) { return true }
        offset = start
        return false
    }

    /// Takes a word, past the spaces, where it is not only the beginning of a longer one.
    mutating func takeWord(_ word: String) -> Bool {
        let start = offset
        skipSpaces()
        if take(word), offset == characters.count || !Self.isOfWord(characters[offset]) { return true }
        offset = start
        return false
    }

    /// Whether a sign of comparison is next, or what is meant for one.
    var isAtComparison: Bool {
        let next = characters[offset...].first { !$0.isWhitespace }
        return next.map { Self.comparing.contains($0) } ?? false
    }

    /// A name: what stands in quotation marks, or all up to a space, a comma or a sign of comparison.
    mutating func name(_ expected: String) throws(ConditionProblem) -> String {
        skipSpaces()
        let start = offset
        if take("\"") {
            var name = ""
            while offset < characters.count {
                var next = characters[offset]
                offset += 1
                if next == "\"" {
                    if name.isEmpty { break }
                    return name
                }
                if next == "\\", offset < characters.count {
                    next = characters[offset]
                    offset += 1
                }
                name.append(next)
            }
            let isOpen = !name.isEmpty
            throw ConditionProblem(
                isOpen
                    ? "the quotation mark is never closed"
                    : "expected \(expected), found nothing in quotation marks",
                at: start
            )
        }
        while offset < characters.count, Self.isOfName(characters[offset]) { offset += 1 }
        if offset == start { throw problem(expected) }
        return String(characters[start..<offset])
    }

    /// A number of 0 or more with what stands right behind it, such as `ms` or `%`.
    mutating func quantity() -> (number: Double, unit: String)? {
        skipSpaces()
        let start = offset
        takeDigits()
        if offset > start, offset + 1 < characters.count, characters[offset] == ".",
            Self.isDigit(characters[offset + 1])
        {
            offset += 1
            takeDigits()
        }
        guard let number = Double(String(characters[start..<offset])), number.isFinite else {
            offset = start
            return nil
        }
        let behind = offset
        while offset < characters.count, Self.isOfWord(characters[offset]) || characters[offset] == "%" {
            offset += 1
        }
        return (number, String(characters[behind..<offset]))
    }

    /// What was expected where the scanner stands, and what was found there.
    func problem(_ expected: String) -> ConditionProblem {
        var place = self
        place.skipSpaces()
        let rest = place.characters[place.offset...]
        guard let first = rest.first else {
            return ConditionProblem("expected \(expected), found the end", at: place.offset)
        }
        let isWord = Self.isOfName(first)
        let found = rest.prefix { Self.isOfName($0) == isWord && !$0.isWhitespace }.prefix(40)
        return ConditionProblem("expected \(expected), found \(String(found).quoted)", at: place.offset)
    }

    private mutating func takeDigits() {
        while offset < characters.count, Self.isDigit(characters[offset]) { offset += 1 }
    }

    private static let comparing: Set<Character> = ["<", ">", "=", "!"]

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private static func isOfName(_ character: Character) -> Bool {
        !character.isWhitespace && !comparing.contains(character) && character != "," && character != "\""
    }
}

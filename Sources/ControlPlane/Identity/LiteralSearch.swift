/// Finds one literal in a text without ever going back in the text.
///
/// The method is Knuth, Morris and Pratt's: after a mismatch the search goes on with the longest beginning of the
/// literal that the text read so far ends with.
struct LiteralSearch: Sendable {
    private let literal: [UInt8]
    /// For each length matched, the next shorter length that the same bytes also match.
    private let fallback: [Int]

    init(_ literal: [UInt8]) {
        self.literal = literal
        var fallback = [0]
        var matched = 0
        for index in literal.indices.dropFirst() {
            while matched > 0, literal[matched] != literal[index] { matched = fallback[matched - 1] }
            if literal[matched] == literal[index] { matched += 1 }
            fallback.append(matched)
        }
        self.fallback = fallback
    }

    var count: Int { literal.count }

    /// Whether the literal stands at just this place.
    func stands(in text: Span<UInt8>, at start: Int) -> Bool {
        guard start >= 0, start + literal.count <= text.count else { return false }
        let literal = literal.span
        for index in literal.indices where text[start + index] != literal[index] { return false }
        return true
    }

    /// Where the first occurrence within the range ends, or nil.
    func find(in text: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        if literal.isEmpty { return start }
        let literal = literal.span
        let fallback = fallback.span
        var matched = 0
        var position = start
        while position < end, position < text.count {
            let byte = text[position]
            while matched > 0, literal[matched] != byte { matched = fallback[matched - 1] }
            if literal[matched] == byte { matched += 1 }
            position += 1
            if matched == literal.count { return position }
        }
        return nil
    }
}

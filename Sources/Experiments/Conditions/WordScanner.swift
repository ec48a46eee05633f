/// The words of a value, each with its place, counted in Unicode scalars from 0.
struct WordScanner {
    struct Word: Equatable {
        let text: String
        let place: Int
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// Where the next word begins, or the end.
    mutating func place() -> Int {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        return position
    }

    /// What stands until the next space; nil at the end.
    mutating func word() -> Word? {
        let start = place()
        while position < scalars.count, !scalars[position].properties.isWhitespace { position += 1 }
        return start == position ? nil : Word(text: text(start..<position), place: start)
    }

    /// The same, but what begins with a quote goes on to the quote that ends it, whatever is in between.
    mutating func operand() -> Word? {
        let start = place()
        guard start < scalars.count, scalars[start] == "\"" else { return word() }
        position += 1
        while position < scalars.count, scalars[position] != "\"" {
            position += scalars[position] == "\\" ? 2 : 1
        }
        position = min(position + 1, scalars.count)
        // Letters that touch the quote belong to it, and make it none.
        while position < scalars.count, !scalars[position].properties.isWhitespace { position += 1 }
        return Word(text: text(start..<position), place: start)
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }
}

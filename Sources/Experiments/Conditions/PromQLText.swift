/// An expression in PromQL as far as we read it: its words and signs, so that what can never work is refused before it is asked.
///
/// Whether Prometheus understands it is Prometheus's to say.
struct PromQLText {
    enum Token: Equatable {
        case word(String)
        case number
        case text
        case sign(String)

        var isComparison: Bool {
            if case .sign(let sign) = self {
                ["==", "!=", ">=", "<=", ">", "<"].contains(sign)
            } else {
                false
            }
        }
    }

    /// Each with the place of its first scalar, counted from 0.
    private(set) var tokens: [(token: Token, place: Int)] = []
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) throws(ConditionProblem) {
        scalars = Array(text.unicodeScalars)
        while let scalar = current {
            let place = position
            if scalar.properties.isWhitespace {
                position += 1
            } else if scalar == "#" {
                while let next = current, next != "\n" {
                    _ = next
                    position += 1
                }
            } else if "\"'`".unicodeScalars.contains(scalar) {
                try quoted(by: scalar)
                tokens.append((.text, place))
            } else if scalar.isDigit || (scalar == "." && peek?.isDigit == true) {
                number()
                tokens.append((.number, place))
            } else if scalar.isNameStart {
                while let next = current, next.isNameStart || next.isDigit || next == "." { position += 1 }
                let word = slice(place..<position)
                tokens.append((Self.numbers.contains(word.lowercased()) ? .number : .word(word), place))
            } else {
                tokens.append((.sign(sign()), place))
            }
        }
    }

    private static let numbers: Set<String> = ["inf", "nan"]

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
    private var peek: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

    private func slice(_ range: Range<Int>) -> String {
        range.reduce(into: "") { $0.unicodeScalars.append(scalars[$1]) }
    }

    private mutating func quoted(by quote: Unicode.Scalar) throws(ConditionProblem) {
        let start = position
        position += 1
        while let scalar = current, scalar != quote {
            // Backticks know no escapes.
            position += scalar == "\\" && quote != "`" ? 2 : 1
        }
        guard current == quote else {
            throw ConditionProblem("the text that begins with \(quote) here does not end", at: start)
        }
        position += 1
    }

    /// Also lengths of time, and hexadecimal: all that hangs together.
    private mutating func number() {
        while let scalar = current, scalar.isDigit || scalar.isNameStart || scalar == "." {
            let isExponent = (scalar == "e" || scalar == "E") && (peek == "+" || peek == "-")
            position += isExponent ? 2 : 1
        }
    }

    private mutating func sign() -> String {
        let start = position
        let isLong = peek.map {
            ["==", "!=", ">=", "<=", "=~", "!~"].contains(String(scalars[position]) + String($0))
        }
        position += isLong == true ? 2 : 1
        return slice(start..<position)
    }
}

extension PromQLText {
    /// Why the expression can be no guard; nil where nothing is against it here.
    func problem() -> ConditionProblem? {
        guard let first = tokens.first else { return ConditionProblem("a PromQL expression is accepted") }
        if let problem = brackets() { return problem }
        for index in tokens.indices.dropFirst() {
            guard case .word(let word) = tokens[index].token, word.lowercased() == "bool",
                tokens[index - 1].token.isComparison
            else { continue }
            return ConditionProblem(
                "bool makes the comparison always yield something, so it would always be a breach: "
                    + "a comparison without bool is accepted",
                at: tokens[index].place
            )
        }
        let says = tokens.contains { if case .word = $0.token { true } else { false } }
        if !says {
            return ConditionProblem(
                "this is a number or a text and no vector, which yields elements or none: "
                    + "an expression that selects something, such as up == 0, is accepted",
                at: first.place
            )
        }
        if let scalar { return scalar }
        return nil
    }

    /// Functions whose whole result is a number.
    private var scalar: ConditionProblem? {
        guard case .word(let name) = tokens[0].token, ["scalar", "time", "pi"].contains(name),
            tokens.count > 1, tokens[1].token == .sign("("), end(of: 1) == tokens.count - 1
        else { return nil }
        return ConditionProblem(
            "\(name)() is a number and no vector, which yields elements or none: "
                + "an expression that selects something, such as up == 0, is accepted",
            at: tokens[0].place
        )
    }

    /// Where the bracket that opens there is closed.
    private func end(of opening: Int) -> Int? {
        var depth = 0
        for index in opening..<tokens.count {
            if tokens[index].token == .sign("(") { depth += 1 }
            if tokens[index].token == .sign(")") { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    private func brackets() -> ConditionProblem? {
        let pairs = ["(": ")", "[": "]", "{": "}"]
        var open: [(end: String, place: Int)] = []
        for (token, place) in tokens {
            guard case .sign(let sign) = token else { continue }
            if let end = pairs[sign] {
                open.append((end, place))
            } else if pairs.values.contains(sign), open.popLast()?.end != sign {
                return ConditionProblem("nothing was opened that this \(sign) ends", at: place)
            }
        }
        return open.last.map { ConditionProblem("a \($0.end) is missing for what opens here", at: $0.place) }
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isNameStart: Bool { self == "_" || self == ":" || properties.isAlphabetic }
}

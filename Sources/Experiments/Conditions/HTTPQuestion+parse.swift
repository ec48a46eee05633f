import Base

/// `URL [status 200-299] [within 800ms] [where /json/pointer == "ok"]`
extension HTTPQuestion {
    package init(_ value: String) throws(ConditionProblem) {
        guard
            ["http://", "https://"].contains(where: {
                value.hasPrefix($0) && value.utf8.count > $0.utf8.count
            })
        else { throw ConditionProblem("a URL that starts with http:// or https:// is accepted") }
        var scanner = WordScanner(value)
        guard let url = scanner.word() else { throw ConditionProblem("a URL is accepted") }
        try Self.checkHost(of: url)
        self.init(url: url.text)
        var seen: Set<String> = []
        while let word = scanner.word() {
            guard let clause = Clause(rawValue: word.text) else {
                throw Self.expected("status, within or where", word, scanner.place())
            }
            guard seen.insert(word.text).inserted else {
                throw ConditionProblem("\(word.text) stands twice: once is accepted", at: word.place)
            }
            switch clause {
            case .status: statuses = try Self.statuses(&scanner)
            case .within: within = try Self.limit(&scanner)
            case .where: expectation = try Self.expectation(&scanner)
            }
        }
    }

    private enum Clause: String {
        case status, within, `where`
    }

    private typealias Word = WordScanner.Word

    /// The end of the value, or the word, that stands where something else should.
    private static func expected(_ what: String, _ word: Word?, _ end: Int) -> ConditionProblem {
        guard let word else { return ConditionProblem("expected \(what), found the end", at: end) }
        return ConditionProblem("expected \(what), found \(word.text.quoted)", at: word.place)
    }

    /// A host and maybe a port: whoever reads a template would read a password too.
    private static func checkHost(of url: Word) throws(ConditionProblem) {
        let scalars = Array(url.text.unicodeScalars)
        let start = (scalars.firstIndex(of: "/") ?? 0) + 2
        let end = scalars[start...].firstIndex { "/?#".unicodeScalars.contains($0) } ?? scalars.count
        if let place = scalars[start..<end].firstIndex(of: "@") {
            throw ConditionProblem(
                "a URL without a user and a password is accepted, since everybody reads templates",
                at: url.place + place
            )
        }
        let stranger = scalars[start..<end].firstIndex { scalar in
            !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || ".-_:[]%".unicodeScalars.contains(scalar))
        }
        if let stranger {
            throw ConditionProblem(
                "expected a host and maybe a port, found \(String(scalars[stranger]).quoted)",
                at: url.place + stranger
            )
        }
        if start == end || scalars[start] == ":" {
            throw ConditionProblem("expected a host behind //", at: url.place + start)
        }
    }

    private static func statuses(_ scanner: inout WordScanner) throws(ConditionProblem) -> ClosedRange<Int> {
        let word = scanner.word()
        let numbers = (word?.text ?? "").split(separator: "-", omittingEmptySubsequences: false).map(
            Self.status
        )
        guard (1...2).contains(numbers.count), let first = numbers.first ?? nil,
            let last = numbers.last ?? nil, first <= last
        else {
            throw expected("a status such as 204, or a range such as 200-299", word, scanner.place())
        }
        return first...last
    }

    private static func status(_ text: Substring) -> Int? {
        text.utf8.count == 3 ? Int(text).flatMap { (100...599).contains($0) ? $0 : nil } : nil
    }

    private static func limit(_ scanner: inout WordScanner) throws(ConditionProblem) -> Duration {
        let word = scanner.word()
        guard let limit = word.flatMap({ Self.duration($0.text) }) else {
            throw expected("a time from 1ms to 60s, such as 800ms or 2s", word, scanner.place())
        }
        return limit
    }

    private static func duration(_ text: String) -> Duration? {
        let isShort = text.hasSuffix("ms")
        guard isShort || text.hasSuffix("s") else { return nil }
        let digits = text.dropLast(isShort ? 2 : 1)
        guard !digits.isEmpty,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let number = Double(digits)
        else { return nil }
        let milliseconds = isShort ? number : number * 1_000
        return (1...60_000).contains(milliseconds) ? .seconds(milliseconds / 1_000) : nil
    }
}

extension HTTPQuestion {
    private static func expectation(_ scanner: inout WordScanner) throws(ConditionProblem) -> Expectation {
        let pointer = scanner.word()
        guard let pointer, pointer.text.hasPrefix("/"), JSON.isPointer(pointer.text) else {
            throw expected("a JSON pointer such as /status", pointer, scanner.place())
        }
        let sign = scanner.word()
        guard let comparison = sign.flatMap({ Comparison(rawValue: $0.text) }) else {
            throw expected("a comparison such as == or <=", sign, scanner.place())
        }
        let word = scanner.operand()
        guard let word, let operand = Expectation.Operand(word.text) else {
            throw expected("a number, a text in quotes, true or false", word, scanner.place())
        }
        if !operand.isNumber, comparison != .equal, comparison != .different {
            throw ConditionProblem(
                "\(word.text.printable) is compared by \(comparison.rawValue): == or != is accepted for what is no number",
                at: sign?.place
            )
        }
        return Expectation(pointer: pointer.text, comparison: comparison, operand: operand)
    }
}

extension HTTPQuestion.Expectation.Operand {
    /// As JSON writes it.
    fileprivate init?(_ text: String) {
        guard let value = try? JSON(parsing: Array(text.utf8)) else { return nil }
        switch value {
        case .integer, .number: self = .number(value.double ?? 0)
        case .string(let text): self = .text(text)
        case .bool(let truth): self = .truth(truth)
        case .null, .array, .object: return nil
        }
    }

    fileprivate var isNumber: Bool { if case .number = self { true } else { false } }
}

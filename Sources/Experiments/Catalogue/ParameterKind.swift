import Base

/// What the text of a parameter must be.
package indirect enum ParameterKind: Equatable, Sendable {
    /// An ISO 8601 duration, ends included.
    case duration(from: ISODuration, to: ISODuration)
    /// A whole number of percent.
    case percentage(ClosedRange<Int>)
    /// A number of percent that may have a fraction.
    case fraction(ClosedRange<Double>)
    /// A whole number; a range that ends at the largest there is has no end.
    case integer(ClosedRange<Int>)
    case boolean
    /// Three digits.
    case statusCode
    case oneOf([String])
    /// Separated by commas; spaces around an element do not count.
    case list(of: ParameterKind, max: Int)
    case arn
    /// The text of a JSON object.
    case json
    /// A regular expression for the names of hosts, of signs that every library reads alike.
    case hostPattern
    case text

    /// Whether a text is such a value.
    package func accepts(_ text: String) -> Bool {
        switch self {
        case .duration(let from, let to):
            ISODuration(text).map { from.value <= $0.value && $0.value <= to.value } ?? false
        case .percentage(let range), .integer(let range):
            Self.whole(text).map(range.contains) ?? false
        case .fraction(let range): Self.decimal(text).map(range.contains) ?? false
        case .boolean: Self.truth(text) != nil
        case .statusCode: text.utf8.count == 3 && Self.whole(text) != nil
        case .oneOf(let values): values.contains(text)
        case .list(let kind, let max):
            Self.elements(text).count <= max && Self.elements(text).allSatisfy(kind.accepts)
        case .arn: ARN(text) != nil
        case .json: (try? JSON(parsing: Array(text.utf8)))?.members != nil
        case .hostPattern: Self.isHostPattern(text)
        case .text: !text.isBlank
        }
    }

    /// What is accepted, in the words of an error message.
    package var accepted: String {
        switch self {
        case .duration(let from, let to): "an ISO 8601 duration from \(from) to \(to)"
        case .percentage(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .fraction(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .integer(let range) where range.upperBound == .max:
            "a whole number of at least \(range.lowerBound)"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .statusCode: "three digits from 000 to 999"
        case .oneOf(let values): values.alternatives
        case .list(let kind, let max) where max == .max: "a list, separated by commas, each \(kind.accepted)"
        case .list(let kind, let max):
            "a list, separated by commas, of up to \(max), each \(kind.accepted)"
        case .arn: "an ARN"
        case .json: "the text of a JSON object"
        case .hostPattern:
            "a regular expression of 1 to 255 letters, digits and _ . - * ^ $, each * behind a dot"
        case .text: "a text of 1 to 1024 characters"
        }
    }

    /// What a boolean's text says; Python's spelling is one of them, since its users send it.
    package static func truth(_ text: String) -> Bool? {
        switch text {
        case "true", "True": true
        case "false", "False": false
        default: nil
        }
    }

    /// The elements of a list, without the spaces around them.
    package static func elements(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    /// No group and no repetition of one: what a library refuses would be told and never done.
    private static func isHostPattern(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...255).contains(bytes.count) else { return false }
        return bytes.indices.allSatisfy { place in
            switch bytes[place] {
            case UInt8(ascii: "*"): place > 0 && bytes[place - 1] == UInt8(ascii: ".")
            case UInt8(ascii: "^"): place == 0
            case UInt8(ascii: "$"): place == bytes.count - 1
            case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
            case let byte: byte.isAlphanumeric
            }
        }
    }

    /// Digits only: no sign and no space.
    static func whole(_ text: String) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// Digits with or without a fraction: no sign, exponent, hexadecimal or infinity.
    static func decimal(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return Double(text)
    }
}

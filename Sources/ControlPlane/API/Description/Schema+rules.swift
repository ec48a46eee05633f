import Base
import Experiments

/// Schemas of the rules that requests are held to, taken from where those stand.
extension Schema {
    /// The lengths are the rule's own; the pattern is as much of its content as a pattern can say.
    static func text(_ rule: TextRule) -> Schema {
        let pattern: String =
            switch rule.content {
            case .any: #"^[^\u0000]*$"#
            case .visible: #"^[^\u0000]*[^\s\u0000][^\u0000]*$"#
            case .withoutSpaces: #"^[^\s\u0000]+$"#
            case .arn: Pattern.arn
            case .targetParameter: #"^[^\u0000]+$"#
            case .userTag: #"^(?![aA][wW][sS]:)[^\u0000]*$"#
            }
        return text(rule.length, pattern)
    }

    static func choice<Choice: CaseIterable & RawRepresentable<String>>(_ type: Choice.Type) -> Schema {
        oneOf(type.allCases.map(\.rawValue))
    }

    /// Seconds since 1970, with milliseconds.
    static let time = named("Time")
    static let arn = named("ARN")
    static let templateID = pattern(Pattern.templateID)
    static let experimentID = pattern(Pattern.experimentID)
    static let accountNumber = pattern("^[0-9]{12}$")
    static let keyID = pattern("^FP[A-Z2-7]{18}$")
    /// A name that people read.
    static let name = text(1...128, #"^[^\u0000]*$"#)
    static let reason = text(1...512, #"^[^\u0000]*$"#)
    static let clientToken = text(1...1_024, #"^[^\s\u0000]+$"#).about(
        "What makes repeating the request harmless: the same token and request give the first result."
    )

    /// The expressions that more than one schema needs.
    enum Pattern {
        /// Spaces and control characters, for inside brackets.
        private static let invisible = #"\s\u0000-\u001F\u007F-\u009F"#
        static let arn =
            "^arn:[^:\(invisible)]+:[^:\(invisible)]+:[^:\(invisible)]*:[^:\(invisible)]*:[^\(invisible)]+$"
        /// An ARN, or the bare name of a function.
        static let target = "^[0-9A-Za-z_-]{1,140}$|\(arn)"
        static let templateID = "^EXT[0-9A-Za-z]{1,61}$"
        static let experimentID = "^EXP[0-9A-Za-z]{1,61}$"
    }
}

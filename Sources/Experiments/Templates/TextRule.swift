import Base

/// What a text of a template must be, apart from what its meaning asks for.
package struct TextRule: Sendable {
    package enum Content: Sendable {
        case any
        /// Something that is no space.
        case visible
        case withoutSpaces
        case arn
        /// What FIS takes for the parameter of a target, with the comma and the dollar that its own documents use.
        case targetParameter
        /// A tag of the user: AWS keeps the prefix `aws:` to itself.
        case userTag
    }

    /// In Unicode scalars, as AWS counts.
    package let length: ClosedRange<Int>
    package let content: Content
    /// In the words of a message.
    let accepted: String

    package static let description = TextRule(
        length: 1...512,
        content: .any,
        accepted: "a text of 1 to 512 characters"
    )
    package static let name = TextRule(
        length: 1...64,
        content: .withoutSpaces,
        accepted: "a name of 1 to 64 characters without spaces"
    )
    package static let catalogueID = TextRule(
        length: 1...128,
        content: .withoutSpaces,
        accepted: "an id of 1 to 128 characters without spaces"
    )
    package static let arn = TextRule(
        length: 20...2_048,
        content: .arn,
        accepted: "an ARN of 20 to 2048 characters"
    )
    package static let actionParameter = TextRule(
        length: 1...1_024,
        content: .visible,
        accepted: "a text of 1 to 1024 characters"
    )
    package static let targetParameter = TextRule(
        length: 1...1_024,
        content: .targetParameter,
        accepted: "a text of 1 to 1024 letters, digits, spaces and _ . : / = + - @ , $"
    )
    package static let filterPath = TextRule(
        length: 1...256,
        content: .withoutSpaces,
        accepted: "a path of 1 to 256 characters without spaces"
    )
    package static let filterValue = TextRule(
        length: 1...128,
        content: .visible,
        accepted: "a text of 1 to 128 characters"
    )
    package static let tagKey = TextRule(
        length: 1...128,
        content: .userTag,
        accepted: "a tag key of 1 to 128 characters that does not start with aws:"
    )
    /// Resources also carry tags that AWS itself gave them.
    package static let resourceTagKey = TextRule(
        length: 1...128,
        content: .any,
        accepted: "a tag key of 1 to 128 characters"
    )
    package static let tagValue = TextRule(
        length: 0...256,
        content: .any,
        accepted: "a text of at most 256 characters"
    )
    package static let stopConditionSource = TextRule(
        length: 1...64,
        content: .withoutSpaces,
        accepted: StopConditionSource.names
    )
    package static let stopConditionValue = TextRule(
        length: 20...2_048,
        content: .any,
        accepted: "a text of 20 to 2048 characters, spaces around it included,"
    )
    /// What PromQL is read from.
    package static let expression = TextRule(
        length: 1...2_048,
        content: .visible,
        accepted: "a PromQL expression of 1 to 2048 characters"
    )
    package static let probeName = TextRule(
        length: 1...64,
        content: .visible,
        accepted: "a name of 1 to 64 characters"
    )
    package static let probeValue = TextRule(
        length: 1...2_048,
        content: .any,
        accepted: "a text of 1 to 2048 characters"
    )
    package static let hypothesisTitle = TextRule(
        length: 1...512,
        content: .any,
        accepted: "a text of 1 to 512 characters"
    )
    package static let jsonPointer = TextRule(
        length: 0...512,
        content: .any,
        accepted: "a JSON pointer of at most 512 characters"
    )
    package static let bucketName = TextRule(
        length: 3...63,
        content: .withoutSpaces,
        accepted: "a bucket name of 3 to 63 characters without spaces"
    )
    /// The name of an object in a bucket may have spaces.
    package static let logPrefix = TextRule(
        length: 1...700,
        content: .any,
        accepted: "a prefix of 1 to 700 characters"
    )
    package static let reportPrefix = TextRule(
        length: 1...256,
        content: .withoutSpaces,
        accepted: "a prefix of 1 to 256 characters without spaces"
    )
    package static let dashboard = TextRule(
        length: 1...512,
        content: .withoutSpaces,
        accepted: "the ARN of a dashboard, of 1 to 512 characters without spaces,"
    )

    func accepts(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        // PostgreSQL stores no NUL.
        guard length.contains(scalars.count), !text.hasNUL else { return false }
        switch content {
        case .any: return true
        case .visible: return !text.isBlank
        case .withoutSpaces: return !text.contains(where: \.isWhitespace)
        case .arn: return ARN(text) != nil
        case .targetParameter: return scalars.allSatisfy(Self.isTargetParameter)
        case .userTag: return !text.lowercased().hasPrefix("aws:")
        }
    }

    private static func isTargetParameter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber,
            .spaceSeparator, .lineSeparator, .paragraphSeparator:
            true
        default: "_.:/=+-@,$".unicodeScalars.contains(scalar)
        }
    }
}

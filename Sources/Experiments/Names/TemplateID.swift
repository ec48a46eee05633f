package import Base

/// Names an experiment template: `EXT` and 14 letters and digits.
package struct TemplateID: Hashable, Sendable, LosslessStringConvertible {
    package let description: String

    /// Lenient, because other planes make them longer: `EXT` and letters and digits, 64 in all at most.
    package init?(_ text: String) {
        guard ResourceName.isName(text, prefix: "EXT") else { return nil }
        description = text
    }

    private init(letters: String) { description = "EXT" + letters }

    /// A new one; 83 random bits, so two never meet.
    package static func random() -> TemplateID { TemplateID(letters: Random.token(14)) }
}

extension TemplateID: LogValue {
    package var logged: JSON { .string(description) }
}

package import Base

/// Names an experiment, one run of a template: `EXP` and 15 letters and digits.
package struct ExperimentID: Hashable, Sendable, LosslessStringConvertible {
    package let description: String

    /// Lenient, because other planes make them longer: `EXP` and letters and digits, 64 in all at most.
    package init?(_ text: String) {
        guard ResourceName.isName(text, prefix: "EXP") else { return nil }
        description = text
    }

    private init(letters: String) { description = "EXP" + letters }

    /// A new one; 89 random bits, so two never meet.
    package static func random() -> ExperimentID { ExperimentID(letters: Random.token(15)) }
}

extension ExperimentID: LogValue {
    package var logged: JSON { .string(description) }
}

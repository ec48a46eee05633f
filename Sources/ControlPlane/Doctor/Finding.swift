/// One thing the doctor looked at.
package struct Finding: Equatable, Sendable {
    package enum Grade: String, Sendable {
        case ok
        /// It works, and the operator should think about it.
        case warning
        /// It does not work, or will not.
        case problem
    }

    package let grade: Grade
    /// What was looked at, in a word or two.
    package let subject: String
    /// What was found and, unless all is well, how to mend it.
    package let text: String

    package static func ok(_ subject: String, _ text: String) -> Finding {
        Finding(grade: .ok, subject: subject, text: text)
    }

    package static func warning(_ subject: String, _ text: String) -> Finding {
        Finding(grade: .warning, subject: subject, text: text)
    }

    package static func problem(_ subject: String, _ text: String) -> Finding {
        Finding(grade: .problem, subject: subject, text: text)
    }
}

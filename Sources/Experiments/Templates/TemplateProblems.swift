/// One thing that is wrong with a template.
package struct TemplateProblem: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// A member breaks a rule.
        case invalid
        /// There is no action of that id, which FIS answers as something not found.
        case unknownAction
    }

    /// The member, as in `actions.Delay.parameters.duration` or `stopConditions[0].value`; empty for the whole.
    package let path: String
    /// The whole sentence but its full stop: the member, what was given, and what is accepted.
    package let message: String
    package let kind: Kind

    package init(path: String, message: String, kind: Kind = .invalid) {
        self.path = path
        self.message = message
        self.kind = kind
    }
}

/// All that is wrong with a template, in the order of its members.
package struct TemplateProblems: Error, Equatable, Sendable, CustomStringConvertible {
    package let problems: [TemplateProblem]

    package init(_ problems: [TemplateProblem]) { self.problems = problems }

    /// Whether the answer is that an action does not exist: nothing else is wrong.
    package var isUnknownAction: Bool {
        !problems.isEmpty && problems.allSatisfy { $0.kind == .unknownAction }
    }

    /// The most problems that one text names; more are counted.
    private static let named = 100

    package var description: String {
        let texts = problems.prefix(Self.named).map(\.message)
        let more = problems.count - texts.count
        return texts.joined(separator: "; ") + (more > 0 ? "; and \(more) more." : ".")
    }
}

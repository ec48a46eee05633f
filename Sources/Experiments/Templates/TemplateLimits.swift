/// How much one template may hold.
package struct TemplateLimits: Equatable, Sendable {
    package var actions = 100
    package var targets = 100
    package var stopConditions = 100

    package init() {}

    /// The limits of the model, the same everywhere.
    static let arns = 5
    static let tags = 50
    /// The model sets no end to these, but reading must have one.
    static let entries = 100
}

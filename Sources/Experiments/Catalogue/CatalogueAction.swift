/// One kind of thing that an experiment can do: what it takes, what it acts on, and whether we perform it.
package struct CatalogueAction: Equatable, Sendable {
    /// How Faultplane performs an action.
    package enum Execution: Equatable, Sendable {
        /// It only lets time pass.
        case wait
        /// It is published as configuration, which injectors poll.
        case polledFault
        /// What it asserts of alarms is looked up once.
        case assertion
        /// It validates, and a run that reaches it fails and says what is missing.
        case unsupported
    }

    /// Where a target goes: the name that clients key on, and the type of resource that fits.
    package struct Slot: Equatable, Sendable {
        package let name: String
        package let resourceType: String

        package init(_ name: String, _ resourceType: String) {
            self.name = name
            self.resourceType = resourceType
        }
    }

    package let id: String
    package let description: String
    package let parameters: [CatalogueParameter]
    /// Nil where the action has no target.
    package let slot: Slot?
    /// How its target may name resources, where that is less than the type of resource allows.
    package let selectors: Set<TargetSelector>?
    /// The most resources that its target may mean, where the action itself sets a limit.
    package let maxTargets: Int?
    package let execution: Execution

    package init(
        _ id: String,
        _ description: String,
        slot: Slot? = nil,
        selectors: Set<TargetSelector>? = nil,
        maxTargets: Int? = nil,
        execution: Execution = .unsupported,
        parameters: [CatalogueParameter] = []
    ) {
        self.id = id
        self.description = description
        self.slot = slot
        self.selectors = selectors
        self.maxTargets = maxTargets
        self.execution = execution
        self.parameters = parameters
    }

    package func parameter(_ name: String) -> CatalogueParameter? { parameters.first { $0.name == name } }
}

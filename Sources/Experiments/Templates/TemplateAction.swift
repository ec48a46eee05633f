/// One thing a run does, and after which others.
package struct TemplateAction: Equatable, Sendable {
    /// The name it has within its template; `startAfter` goes by it.
    package var name: String
    package var actionID: String
    package var description: String?
    /// All values are texts, as FIS has them; in the order given.
    package var parameters: [Parameter]
    /// Which of the template's targets fills which of the action's slots.
    package var targets: [SlotTarget]
    package var startAfter: [String]

    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct SlotTarget: Hashable, Sendable {
        package var slot: String
        package var target: String

        package init(_ slot: String, _ target: String) {
            self.slot = slot
            self.target = target
        }
    }

    package init(
        name: String,
        actionID: String,
        description: String? = nil,
        parameters: [Parameter] = [],
        targets: [SlotTarget] = [],
        startAfter: [String] = []
    ) {
        self.name = name
        self.actionID = actionID
        self.description = description
        self.parameters = parameters
        self.targets = targets
        self.startAfter = startAfter
    }

    /// The value given for a parameter.
    package func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
}

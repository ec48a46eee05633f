/// All that experiments can do and act on: the one place that validation, the API, documents and the console read.
package struct Catalogue: Sendable {
    /// In the order of their ids.
    package let actions: [CatalogueAction]
    package let resourceTypes: [CatalogueResourceType]
    /// Accepted under their old ids, and not listed: their successors are.
    package let supersededActions: [CatalogueAction]
    package let supersededResourceTypes: [CatalogueResourceType]

    private let actionsByID: [String: CatalogueAction]
    private let resourceTypesByID: [String: CatalogueResourceType]

    package init(
        actions: [CatalogueAction],
        resourceTypes: [CatalogueResourceType],
        supersededActions: [CatalogueAction] = [],
        supersededResourceTypes: [CatalogueResourceType] = []
    ) {
        self.actions = actions.sorted { $0.id < $1.id }
        self.resourceTypes = resourceTypes.sorted { $0.id < $1.id }
        self.supersededActions = supersededActions
        self.supersededResourceTypes = supersededResourceTypes
        actionsByID = Dictionary((actions + supersededActions).map { ($0.id, $0) }) { first, _ in first }
        resourceTypesByID = Dictionary((resourceTypes + supersededResourceTypes).map { ($0.id, $0) }) {
            first,
            _ in
            first
        }
    }

    /// The action of that id, superseded ones included.
    package func action(_ id: String) -> CatalogueAction? { actionsByID[id] }

    /// The type of resource of that id, superseded ones included.
    package func resourceType(_ id: String) -> CatalogueResourceType? { resourceTypesByID[id] }

    /// What FIS has today, 50 actions on 24 types of resource, and four actions that only fault libraries perform.
    package static let standard = Catalogue(
        actions: [
            controlActions, instanceActions, volumeActions, taskActions, podActions, clusterActions,
            lambdaActions, libraryActions,
            databaseActions, streamActions, networkActions, commandActions,
        ].flatMap { $0 },
        resourceTypes: computeTypes + containerTypes + dataTypes + networkTypes,
        supersededActions: [interruptClusterPower],
        supersededResourceTypes: [redisReplicationGroup]
    )
}

extension CatalogueParameter {
    /// The length of most actions: from one minute to twelve hours.
    static let duration = lasting(from: .minutes(1))

    static func lasting(from shortest: ISODuration) -> CatalogueParameter {
        .required("duration", .duration(from: shortest, to: .hours(12)), "How long the action lasts.")
    }

    /// The share of calls that most faults of an API take.
    static let percentage = CatalogueParameter.required(
        "percentage",
        .percentage(1...100),
        "The percentage of calls that get the fault."
    )
}

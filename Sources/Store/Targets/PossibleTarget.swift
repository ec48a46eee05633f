package import Base

/// A target that an experiment may choose: registered, or polled for a short while ago, or both.
package struct PossibleTarget: Equatable, Sendable {
    package let arn: String
    /// What it was registered as; nil where it was only polled for.
    package let resourceType: String?
    package let tags: JSON
    package let attributes: JSON

    init(_ row: inout Row) throws(StoreError) {
        arn = try row.next()
        resourceType = try row.nextIfAny()
        tags = try row.next()
        attributes = try row.next()
    }
}

/// All targets that an experiment may choose from, or as many as may be looked at.
package struct PossibleTargets: Equatable, Sendable {
    package let targets: [PossibleTarget]
    /// There are more than were asked for, and whoever chooses must say so.
    package let hasMore: Bool
}

/// The form of a resource type's ARNs, by which targets that nobody registered are told apart.
package struct ARNForm: Equatable, Sendable {
    /// The third part of the ARN.
    package let service: String
    /// What the sixth part begins with, colons and all; may be empty.
    package let resource: String

    package init(service: String, resource: String) {
        self.service = service
        self.resource = resource
    }
}

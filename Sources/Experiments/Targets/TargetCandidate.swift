package import Base

/// A resource that targets are chosen from, as the registry knows it.
package struct TargetCandidate: Equatable, Sendable {
    package var arn: String
    package var resourceType: String
    package var tags: [Tag]
    /// What filters and parameters are compared with: the resource as its service describes it.
    package var attributes: JSON

    package init(arn: String, resourceType: String, tags: [Tag] = [], attributes: JSON = .object([])) {
        self.arn = arn
        self.resourceType = resourceType
        self.tags = tags
        self.attributes = attributes
    }
}

/// A way in which a target says which resources it means.
package enum TargetSelector: String, CaseIterable, Sendable {
    case arns = "resourceArns"
    case tags = "resourceTags"
    /// Parameters alone are enough.
    case parameters
}

/// One type of resource that targets are made of.
package struct CatalogueResourceType: Equatable, Sendable {
    package let id: String
    package let description: String
    package let parameters: [CatalogueParameter]
    package let selectors: Set<TargetSelector>
    /// The service in the ARNs of such resources; nil where several services have them.
    package let arnService: String?
    /// What the last part of such an ARN starts with; empty where that is not fixed.
    package let arnResource: String

    package init(
        _ id: String,
        _ description: String,
        arn: (service: String, resource: String)?,
        selectors: Set<TargetSelector> = [.arns, .tags],
        parameters: [CatalogueParameter] = []
    ) {
        self.id = id
        self.description = description
        self.arnService = arn?.service
        self.arnResource = arn?.resource ?? ""
        self.selectors = selectors
        self.parameters = parameters
    }

    package func parameter(_ name: String) -> CatalogueParameter? { parameters.first { $0.name == name } }

    /// Whether an ARN can name a resource of this type.
    package func fits(_ arn: ARN) -> Bool {
        guard let arnService else { return true }
        return arn.service == arnService && arn.resource.hasPrefix(arnResource)
            && arn.resource.utf8.count > arnResource.utf8.count
    }
}

/// Which resources a template means: named, or found by tags, filters or parameters when a run starts.
package struct TemplateTarget: Equatable, Sendable {
    package var name: String
    package var resourceType: String
    package var resourceARNs: [String]
    package var resourceTags: [Tag]
    package var filters: [Filter]
    package var parameters: [TemplateAction.Parameter]
    package var selection: SelectionMode

    /// A resource passes where any value found at `path` is one of `values`.
    package struct Filter: Hashable, Sendable {
        package var path: String
        package var values: [String]

        package init(path: String, values: [String]) {
            self.path = path
            self.values = values
        }
    }

    package init(
        name: String,
        resourceType: String,
        resourceARNs: [String] = [],
        resourceTags: [Tag] = [],
        filters: [Filter] = [],
        parameters: [TemplateAction.Parameter] = [],
        selection: SelectionMode = .all
    ) {
        self.name = name
        self.resourceType = resourceType
        self.resourceARNs = resourceARNs
        self.resourceTags = resourceTags
        self.filters = filters
        self.parameters = parameters
        self.selection = selection
    }
}

/// How many of the resources found are taken.
package enum SelectionMode: Hashable, Sendable {
    case all
    case count(Int)
    /// Of those found, rounded down.
    case percent(Int)
}

/// One parameter of an action or of a type of resource; on the wire every value is a text.
package struct CatalogueParameter: Equatable, Sendable {
    package let name: String
    package let description: String
    package let isRequired: Bool
    package let kind: ParameterKind
    /// What holds where nothing is given.
    package let defaultValue: String?
    /// Faultplane has it and FIS does not.
    package let isExtension: Bool

    package static func required(
        _ name: String,
        _ kind: ParameterKind,
        _ description: String
    ) -> CatalogueParameter {
        CatalogueParameter(
            name: name,
            description: description,
            isRequired: true,
            kind: kind,
            defaultValue: nil,
            isExtension: false
        )
    }

    package static func optional(
        _ name: String,
        _ kind: ParameterKind,
        default defaultValue: String? = nil,
        _ description: String
    ) -> CatalogueParameter {
        CatalogueParameter(
            name: name,
            description: description,
            isRequired: false,
            kind: kind,
            defaultValue: defaultValue,
            isExtension: false
        )
    }

    package static func `extension`(
        _ name: String,
        _ kind: ParameterKind,
        default defaultValue: String? = nil,
        _ description: String
    ) -> CatalogueParameter {
        CatalogueParameter(
            name: name,
            description: description,
            isRequired: false,
            kind: kind,
            defaultValue: defaultValue,
            isExtension: true
        )
    }
}

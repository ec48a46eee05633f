package import Base

/// An experiment template as the database keeps it: what its content means is not the store's business.
package struct StoredTemplate: Equatable, Sendable {
    package let id: String
    package let content: JSON
    /// Rises with every change; who changes a template names the one it read.
    package let revision: Int64
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// How many other accounts it names a role for.
    package let accountConfigurations: Int

    static let columns: Query = """
        template.id, template.content, template.revision, template.created_at, template.updated_at,
        (SELECT count(*) FROM target_account_configurations WHERE target_account_configurations.template = template.id)
        """

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        content = try row.next()
        revision = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        accountConfigurations = try row.next()
    }

    package var place: ListPlace { ListPlace(createdAt: createdAt, id: id) }
}

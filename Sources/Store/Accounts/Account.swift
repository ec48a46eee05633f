package import Base

/// A team: the owner of resources and keys.
package struct Account: Equatable, Sendable {
    package let id: AccountID
    package let name: String
    package let createdAt: Timestamp

    package init(id: AccountID, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }

    static let columns: Query = "id, name, created_at"

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        name = try row.next()
        createdAt = try row.next()
    }
}

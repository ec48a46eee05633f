package import Base

/// A key that somebody may call with; its secret is derived elsewhere and never here.
package struct AccessKey: Equatable, Sendable {
    package let id: KeyID
    package let account: AccountID
    package let role: Role
    /// Which targets an agent may poll; nil for every other role.
    package let targetPattern: String?
    package let name: String
    package let createdAt: Timestamp
    package let createdBy: String
    package let revokedAt: Timestamp?

    static let columns: Query =
        "id, account, role, target_pattern, name, created_at, created_by, revoked_at"

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        account = try row.next()
        role = try row.next()
        targetPattern = try row.nextIfAny()
        name = try row.next()
        createdAt = try row.next()
        createdBy = try row.next()
        revokedAt = try row.nextIfAny()
    }
}

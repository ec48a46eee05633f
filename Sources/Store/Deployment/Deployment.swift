package import Base

/// What all nodes on one database agree on.
package struct Deployment: Equatable, Sendable {
    /// Made up once; tells this deployment from every other.
    package let id: String
    /// Derived from the master key, to recognise a wrong one by.
    package let masterKeyCheck: [UInt8]
    /// The account whose admins are the deployment's.
    package let firstAccount: AccountID
    package let region: String
    package let lease: Duration
    package let createdAt: Timestamp

    package init(
        id: String,
        masterKeyCheck: [UInt8],
        firstAccount: AccountID,
        region: String,
        lease: Duration,
        createdAt: Timestamp
    ) {
        self.id = id
        self.masterKeyCheck = masterKeyCheck
        self.firstAccount = firstAccount
        self.region = region
        self.lease = lease
        self.createdAt = createdAt
    }

    static let columns: Query = "id, master_key_check, first_account, region, lease_ms, created_at"

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        masterKeyCheck = try row.next()
        firstAccount = try row.next()
        region = try row.next()
        lease = .milliseconds(try row.next(Int64.self))
        createdAt = try row.next()
    }
}

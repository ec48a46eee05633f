package import Base

/// What nodes are told by flags and have in common: it changes only where no node runs that goes by what was before.
package struct DeploymentSettings: Equatable, Sendable {
    /// How long an injector trusts an answer.
    package var lease: Duration
    /// The overlap policy of templates that have none.
    package var overlap: String

    package init(lease: Duration, overlap: String) {
        self.lease = lease
        self.overlap = overlap
    }
}

/// What all nodes on one database agree on.
package struct Deployment: Equatable, Sendable {
    /// Made up once; tells this deployment from every other.
    package let id: String
    /// Derived from the master key, to recognise a wrong one by.
    package let masterKeyCheck: [UInt8]
    /// The account whose admins are the deployment's.
    package let firstAccount: AccountID
    package let region: String
    package let settings: DeploymentSettings
    package let createdAt: Timestamp

    package var lease: Duration { settings.lease }

    package init(
        id: String,
        masterKeyCheck: [UInt8],
        firstAccount: AccountID,
        region: String,
        lease: Duration,
        overlap: String = "allow",
        createdAt: Timestamp
    ) {
        self.id = id
        self.masterKeyCheck = masterKeyCheck
        self.firstAccount = firstAccount
        self.region = region
        settings = DeploymentSettings(lease: lease, overlap: overlap)
        self.createdAt = createdAt
    }

    static let columns: Query = "id, master_key_check, first_account, region, lease_ms, overlap, created_at"

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        masterKeyCheck = try row.next()
        firstAccount = try row.next()
        region = try row.next()
        settings = DeploymentSettings(lease: .milliseconds(try row.next(Int64.self)), overlap: try row.next())
        createdAt = try row.next()
    }
}

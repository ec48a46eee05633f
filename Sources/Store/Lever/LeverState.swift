package import Base

/// As much of the lever as decides whether anything may run.
package struct LeverState: Equatable, Sendable {
    package var status: String
    package var epoch: Int64

    package init(status: String, epoch: Int64) {
        self.status = status
        self.epoch = epoch
    }
}

/// The deployment's safety lever as it stands.
package struct Lever: Equatable, Sendable {
    package let state: LeverState
    package let reason: String
    /// The engagement in force; nil while it is disengaged.
    package let engagementID: String?
    /// Nil until it is touched for the first time.
    package let changedAt: Timestamp?

    static let columns: Query = "status, epoch, reason, engagement_id, changed_at"

    init(_ row: inout Row) throws(StoreError) {
        state = LeverState(status: try row.next(), epoch: try row.next())
        reason = try row.next()
        engagementID = try row.nextIfAny()
        changedAt = try row.nextIfAny()
    }
}

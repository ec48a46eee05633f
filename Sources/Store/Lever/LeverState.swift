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

/// One engagement of the lever, as the node made it up that it was asked of.
package struct LeverEngagement: Equatable, Sendable {
    package let id: String
    /// The epoch it stands in there; the database may record a higher one.
    package let epoch: Int64
    package let reason: String
    package let by: String
    package let at: Timestamp

    package init(id: String, epoch: Int64, reason: String, by: String, at: Timestamp) {
        self.id = id
        self.epoch = epoch
        self.reason = reason
        self.by = by
        self.at = at
    }

    /// A column that tells which of these are recorded, and of those whether they are over.
    static func known(of ids: [String]) -> Query {
        let asked = JSON.array(ids.map { .string($0) })
        return """
            (SELECT coalesce(json_object_agg(id, disengaged_at IS NOT NULL), '{}') FROM lever_engagements
             WHERE id IN (SELECT json_array_elements_text(\(asked)::json)))
            """
    }

    static func known(in column: JSON) -> [String: Bool] {
        var known: [String: Bool] = [:]
        for member in column.members ?? [] { known[member.name] = member.value == .bool(true) }
        return known
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

    package init(
        state: LeverState,
        reason: String = "",
        engagementID: String? = nil,
        changedAt: Timestamp? = nil
    ) {
        self.state = state
        self.reason = reason
        self.engagementID = engagementID
        self.changedAt = changedAt
    }

    static let columns: Query = """
        safety_lever.status, safety_lever.epoch, safety_lever.reason, safety_lever.engagement_id,
        safety_lever.changed_at
        """

    init(_ row: inout Row) throws(StoreError) {
        state = LeverState(status: try row.next(), epoch: try row.next())
        reason = try row.next()
        engagementID = try row.nextIfAny()
        changedAt = try row.nextIfAny()
    }
}

package import Base

/// Something that faults can be aimed at, as its team registered it.
package struct RegisteredTarget: Equatable, Sendable {
    package let arn: String
    package let resourceType: String
    /// An object of texts, in the order given.
    package let tags: JSON
    /// An object of whatever filters are to look at.
    package let attributes: JSON
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// When somebody last polled for it, to within a minute; nil where nobody ever did.
    package let seenAt: Timestamp?

    static let columns: Query = """
        targets.arn, targets.resource_type, targets.tags, targets.attributes, targets.created_at, targets.updated_at,
        (SELECT seen_at FROM target_sightings
         WHERE target_sightings.account = targets.account AND target_sightings.arn = targets.arn)
        """

    init(_ row: inout Row) throws(StoreError) {
        arn = try row.next()
        resourceType = try row.next()
        tags = try row.next()
        attributes = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        seenAt = try row.nextIfAny()
    }
}

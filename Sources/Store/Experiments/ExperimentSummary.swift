package import Base

/// As much of a run as a list shows.
package struct ExperimentSummary: Equatable, Sendable {
    package let id: String
    package let template: String
    package let tags: JSON
    package let status: String
    package let createdAt: Timestamp
    /// Parts of the run as it keeps them: why it is in its state, what went wrong, and how it was to be run.
    package let reason: JSON
    package let error: JSON
    package let mode: JSON
    package let options: JSON

    static let columns: Query = "id, template, tags, status, created_at, summary"

    init(_ row: inout Row) throws(StoreError) {
        id = try row.next()
        template = try row.next()
        tags = try row.next()
        status = try row.next()
        createdAt = try row.next()
        let summary = try row.next(JSON.self)
        reason = summary["reason"] ?? ""
        error = summary["error"] ?? .null
        mode = summary["mode"] ?? .null
        options = summary["options"] ?? [:]
    }

    package var place: ListPlace { ListPlace(createdAt: createdAt, id: id) }
}

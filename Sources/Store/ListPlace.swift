package import Base

/// Where a page of things ends that are listed newest first.
package struct ListPlace: Equatable, Sendable {
    package let createdAt: Timestamp
    package let id: String

    package init(createdAt: Timestamp, id: String) {
        self.createdAt = createdAt
        self.id = id
    }
}

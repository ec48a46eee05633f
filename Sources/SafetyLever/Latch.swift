/// An engagement of the lever as a node keeps it, in memory and on its disk, until the database says that it is over.
package struct Latch: Equatable, Sendable {
    package let id: String
    /// The one it was engaged in here; the database may have recorded a higher one.
    package var epoch: Int64
    package let reason: String
    /// Who engaged it.
    package let by: String
    /// In nanoseconds since 1970.
    package let engagedAt: Int64
    /// Whether the database knows of it.
    package var isRecorded: Bool

    package init(
        id: String,
        epoch: Int64,
        reason: String,
        by: String,
        engagedAt: Int64,
        isRecorded: Bool = false
    ) {
        self.id = id
        self.epoch = epoch
        self.reason = reason
        self.by = by
        self.engagedAt = engagedAt
        self.isRecorded = isRecorded
    }
}

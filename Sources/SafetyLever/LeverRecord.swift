/// The lever as the database records it.
package struct LeverRecord: Equatable, Sendable {
    package enum Status: String, CaseIterable, Sendable {
        /// To `engaged` or `disengaged` of the same epoch: what runs is being stopped.
        case engaging
        /// To `disengaged` of the same epoch when an admin says so.
        case engaged
        /// To `engaging` of a higher epoch when anybody says so.
        case disengaged
    }

    package var status: Status
    package var epoch: Int64
    /// The engagement in force; nil while it is disengaged.
    package var engagementID: String?
    package var reason: String
    /// Since when, in nanoseconds since 1970; nil if it was never touched.
    package var since: Int64?

    package init(
        status: Status,
        epoch: Int64,
        engagementID: String? = nil,
        reason: String = "",
        since: Int64? = nil
    ) {
        self.status = status
        self.epoch = epoch
        self.engagementID = engagementID
        self.reason = reason
        self.since = since
    }

    /// Whether it was recorded later than another; within one epoch the lever goes one way.
    func isLater(than other: LeverRecord) -> Bool {
        (epoch, status.order) > (other.epoch, other.status.order)
    }
}

extension LeverRecord.Status {
    fileprivate var order: Int {
        switch self {
        case .engaging: 0
        case .engaged: 1
        case .disengaged: 2
        }
    }
}

import Base

/// What a node knows of one instance that polls for one target.
struct InstanceRecord: Equatable, Sendable {
    /// The newest version that it said it holds; 0 before the first.
    var named: Int64 = 0
    /// Until when the last document with a fault that it was given may be trusted.
    var faultUntil = Instant(nanoseconds: .min)
    var seenAt: Instant
    /// As what it polls, where a function is meant by one of its names.
    var qualifier: String?
    /// The bits of those followed faults that it holds or has held, and of those that it refuses.
    var held: UInt64 = 0
    var refused: UInt64 = 0
    var rejection: Rejection?

    /// What it cannot do, and why; it sticks for its version.
    final class Rejection: Equatable, Sendable {
        let version: Int64
        let reason: String
        /// Which of its faults; nil means all.
        let faults: Set<String>?

        init(version: Int64, reason: String, faults: Set<String>? = nil) {
            self.version = version
            self.reason = reason
            self.faults = faults
        }

        static func == (left: Rejection, right: Rejection) -> Bool {
            left.version == right.version && left.reason == right.reason && left.faults == right.faults
        }

        func concerns(_ fault: String) -> Bool { faults?.contains(fault) ?? true }
    }

    /// The halt epoch it has confirmed: by naming a version it says that it runs nothing of an older one.
    var epoch: Int64 { named >> 32 }
}

import Base

/// What a node knows of one instance that polls for one target.
struct InstanceRecord: Equatable, Sendable {
    /// The newest version that it said it holds; 0 before the first.
    var named: Int64 = 0
    /// Until when the last document with a fault that it was given may be trusted.
    var faultUntil = Instant(nanoseconds: .min)
    var seenAt: Instant
    var rejection: Rejection?

    /// What it cannot do, and why; it sticks for its version.
    final class Rejection: Equatable, Sendable {
        let version: Int64
        let reason: String

        init(version: Int64, reason: String) {
            self.version = version
            self.reason = reason
        }

        static func == (left: Rejection, right: Rejection) -> Bool {
            left.version == right.version && left.reason == right.reason
        }
    }

    /// It polled, and said that it holds that version.
    mutating func heard(named: Int64, at now: Instant) {
        self.named = named
        seenAt = now
    }

    /// The halt epoch it has confirmed: by naming a version it says that it runs nothing of an older one.
    var epoch: Int64 { named >> 32 }
}

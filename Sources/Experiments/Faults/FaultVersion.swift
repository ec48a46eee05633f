/// The version of a target's document: the halt epoch above, the target's own count of changes below.
///
/// A halt raises the epoch, and with it every version at once.
package struct FaultVersion: Comparable, Hashable, Sendable {
    package let epoch: Int64
    package let change: Int64

    /// Nil where the parts do not fit: a version that was cut would stand for two contents.
    package init?(epoch: Int64, change: Int64) {
        guard (0...Self.epochLimit).contains(epoch), (0...Self.changeLimit).contains(change) else {
            return nil
        }
        self.epoch = epoch
        self.change = change
    }

    /// epoch * 2^32 + change.
    package var number: Int64 { epoch << 32 | change }

    package static func < (left: FaultVersion, right: FaultVersion) -> Bool { left.number < right.number }

    private static let epochLimit = Int64(Int32.max)
    private static let changeLimit = Int64(UInt32.max)
}

import Glibc

/// Mistakes that can be made on purpose, to prove that whoever checks this program would notice.
///
/// Only a build of its own has them: `swift build -Xswiftc -DSEEDED_BUGS --scratch-path .build/seeded`. There
/// `FAULTPLANE_SEEDED_BUG` names one; in any other build it means nothing.
package enum SeededBug: String, CaseIterable, Sendable {
    /// A fault of an older epoch is served.
    case skipEpochCheck
    /// An answer tells of a version before the last.
    case answerStaleVersion
    /// The time that a request was held is not told.
    case forgetHeldTime
    /// Faults are served although the node cannot be sure of them.
    case serveAfterTrust
    /// Faults are served although nobody reads their stop conditions.
    case ignoreGuards

    #if SEEDED_BUGS
    private static let chosen = unsafe getenv("FAULTPLANE_SEEDED_BUG").flatMap {
        unsafe SeededBug(rawValue: String(cString: $0))
    }

    package static func isOn(_ bug: SeededBug) -> Bool { bug == chosen }
    #else
    /// Always false, so that nothing is left of what asks.
    @inlinable package static func isOn(_ bug: SeededBug) -> Bool { false }
    #endif
}

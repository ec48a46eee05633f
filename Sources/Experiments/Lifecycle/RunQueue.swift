package import Base

/// What a run keeps while it waits for targets that others hold.
package struct RunQueue: Equatable, Sendable {
    package let since: Timestamp
    /// When it gives up.
    package let expiresAt: Timestamp
    /// Who is in its way, as it was last known, in a sentence.
    package internal(set) var behind: String
    /// What its targets were resolved to; it starts with these.
    package let targets: [ResolvedTarget]
}

/// How many sessions a pool may have, and how long one may wait for one.
package struct PoolLimits: Sendable {
    package var sessions = 8
    /// How many may wait for a session; the next is turned away at once.
    package var queue = 256
    /// How long one may wait.
    package var wait: Duration = .seconds(2)
    /// After how long unused a session is asked whether it still answers.
    package var idleBeforeCheck: Duration = .seconds(30)
    /// After how long unused a session is closed.
    package var idleBeforeClose: Duration = .seconds(300)

    package init() {}
}

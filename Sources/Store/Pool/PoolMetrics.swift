/// What a pool is doing and has done.
package struct PoolMetrics: Sendable, Equatable {
    package var open = 0
    package var busy = 0
    package var opening = 0
    package var waiting = 0
    /// Sessions lent since the start.
    package var lent = 0
    /// Attempts to connect that failed.
    package var connectFailures = 0
    /// Sessions that died in use or lay dead in the pool.
    package var sessionsLost = 0
    /// Requests turned away because too many waited, or that waited too long.
    package var turnedAway = 0
}

/// Where the time comes from: the machine's clocks in service, a hand that tests move otherwise.
package struct Clock: Sendable {
    /// The machine's own clock, for intervals and deadlines.
    package let now: @Sendable () -> Instant
    /// Everybody's time, for records.
    package let wall: @Sendable () -> Timestamp

    package init(now: @escaping @Sendable () -> Instant, wall: @escaping @Sendable () -> Timestamp) {
        self.now = now
        self.wall = wall
    }

    package static let system = Clock(now: { Instant.now }, wall: { Timestamp.now })
}

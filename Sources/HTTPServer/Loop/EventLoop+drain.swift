import Base

/// The end of a loop's service: how long it may take, and over which time the parked are sent home.
struct Draining: Sendable {
    let until: Instant
    let spread: Duration
    let done: @Sendable () -> Void

    /// A moment for one parked request, so that they do not all come back at once.
    func moment(in now: Instant) -> Instant {
        now + .nanoseconds(Int64.random(in: 0...max(1, spread.nanoseconds)))
    }
}

extension EventLoop {
    /// Stops accepting, closes whoever is idle, and lets the others finish.
    func drain(_ draining: Draining) {
        self.draining = draining
        if isAccepting { for listener in listeners { try? poller.remove(listener.raw) } }
        isAccepting = false
        for listener in listeners { listener.close() }
        for connection in connections.all {
            switch connection.phase {
            case .reading
            where connection.partial == nil && connection.input.isEmpty && !connection.hasUnsent:
                close(connection)
            case .parked:
                connection.parkDeadline = min(connection.parkDeadline, draining.moment(in: now))
                setDeadline(connection, .park, at: connection.parkDeadline)
            case .reading, .waiting, .streaming, .lingering, .closed:
                connection.shape.closes = true
            }
        }
        // Something must make the loop look at the clock again when the time is over.
        wheel.insert(TimerWheel.Entry(descriptor: -1, generation: 0, tick: wheel.tick(for: draining.until)))
    }

    /// Once a turn: ends the loop when everybody is gone, or the time over.
    func continueDraining(_ draining: Draining) {
        if connections.count > 0, now < draining.until { return }
        for connection in connections.all { close(connection) }
        finish()
        draining.done()
    }
}

import Base

/// The end of a loop's service: how long it may take, and over which time the parked are sent home.
struct Draining: Sendable {
    let until: Instant
    let spread: Duration

    /// A moment for one parked request, so that they do not all come back at once.
    func moment(in now: Instant) -> Instant {
        now + .nanoseconds(Int64.random(in: 0...max(1, spread.nanoseconds)))
    }
}

extension EventLoop {
    /// Stops accepting, closes whoever is idle, and lets the others finish; `done` is called when they have.
    ///
    /// Asked again, it ends at the earlier of the two times.
    func drain(_ wanted: Draining, done: @escaping @Sendable () -> Void) {
        guard whenDrained != nil else { return done() }
        whenDrained?.append(done)
        if let draining, draining.until <= wanted.until { return }
        draining = wanted
        if isAccepting { for listener in listeners { try? poller.remove(listener.raw) } }
        isAccepting = false
        for listener in listeners { listener.close() }
        for connection in connections.all { sendHome(connection, wanted) }
        lookAgain(at: wanted.until)
    }

    private func sendHome(_ connection: Connection, _ draining: Draining) {
        switch connection.phase {
        case .reading where connection.partial == nil && connection.input.isEmpty:
            if !connection.hasUnsent { return close(connection) }
            if !connection.isBacklogged { connection.closesAfterFlush = true }
            connection.shape.closes = true
        case .parked:
            connection.parkDeadline = min(connection.parkDeadline, draining.moment(in: now))
            setDeadline(connection, .park, at: connection.parkDeadline)
        case .reading, .waiting, .streaming, .lingering, .closed:
            connection.shape.closes = true
        }
    }

    /// Once a turn: ends the service when everybody is gone, or the time over.
    ///
    /// The thread lasts until the last handler has seen that its peer is gone, for it is their executor.
    func continueDraining(_ draining: Draining) {
        if whenDrained != nil {
            if connections.count > 0, now < draining.until { return }
            for connection in connections.all { close(connection) }
            announceDrained()
        }
        if tasks == 0 { finish() }
    }

    func announceDrained() {
        let waiting = whenDrained ?? []
        whenDrained = nil
        for done in waiting { done() }
    }

    /// Makes the loop look at the clock again at that time, whatever happens until then.
    func lookAgain(at moment: Instant) {
        wheel.insert(TimerWheel.Entry(descriptor: -1, generation: 0, tick: wheel.tick(for: moment)))
    }

    /// Such a time has come.
    func lookedAgain() {
        guard let draining else { return resumeAccepting() }
        // A wheel turns in about a minute; a stop may be given longer.
        if whenDrained != nil, now < draining.until { lookAgain(at: draining.until) }
    }
}

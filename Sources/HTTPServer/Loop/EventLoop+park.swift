import Base

extension EventLoop {
    /// Puts a request aside until its key is woken or its time is up.
    func park(_ connection: Connection, key: UInt64, until deadline: Instant) {
        // Nobody is left to read a late answer; those to earlier requests still go out.
        if connection.peerHasLeft {
            connection.phase = .reading
            return beginClosing(connection)
        }
        connection.phase = .parked
        connection.parkDeadline = draining.map { min(deadline, $0.moment(in: now)) } ?? deadline
        parking.insert(connection.descriptor.raw, key: key, connections)
        metrics.parked.add()
        setDeadline(connection, .park, at: connection.parkDeadline)
    }

    func unpark(_ connection: Connection) {
        guard connection.phase == .parked else { return }
        parking.remove(connection.descriptor.raw, connections)
        metrics.parked.add(-1)
        connection.phase = .reading
    }

    /// Answers some of those being woken.
    ///
    /// The rest follow after the loop has looked at everybody else.
    func wakeSlice() {
        var left = Self.wakeSlice
        var ended = 0
        while left > 0, ended < wakings.count {
            let waking = wakings[ended]
            guard let raw = parking.first(of: waking.key, before: waking.horizon, connections),
                let connection = connections[raw]
            else {
                ended += 1
                continue
            }
            resume(connection, .woken)
            left -= 1
        }
        wakings.removeFirst(ended)
    }

    func resume(_ connection: Connection, _ reason: ResumeReason) {
        unpark(connection)
        connection.shape.closes = connection.shape.closes || draining != nil
        prepareAnswer(connection)
        follow(connection, responder.resume(&connection.exchange, reason, &writer))
        goOn(connection)
    }

    /// A connection over the cap has shown its first request: it stays if somebody sent it, in the place of the oldest
    /// parked one, which asks again.
    func settleReserve(_ connection: Connection) {
        connection.isReserve = false
        guard connection.exchange.isAuthenticated else {
            connection.shape.closes = true
            writer.closeAfter()
            return
        }
        budget.yieldOldestParked(startingAt: self)
    }

    /// Sends the oldest parked request home; false where none has been parked here since before `horizon`.
    func yieldOldest(before horizon: UInt64) -> Bool {
        guard let raw = parking.first(of: nil, before: horizon, connections),
            let connection = connections[raw]
        else { return false }
        connection.shape.closes = true
        metrics.yielded.add()
        resume(connection, .yielding)
        return true
    }
}

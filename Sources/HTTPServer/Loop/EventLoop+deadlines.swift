import Base

extension EventLoop {
    func setDeadline(_ connection: Connection, _ kind: Connection.Deadline, after time: Duration) {
        setDeadline(connection, kind, at: now + time)
    }

    func setDeadline(_ connection: Connection, _ kind: Connection.Deadline, at moment: Instant) {
        // An answer that is not being read comes first; what else there is to wait for starts when it has been.
        if connection.hasUnsent, connection.deadlineKind == .write, kind != .write { return }
        connection.deadlineKind = kind
        connection.deadline = moment
        let tick = wheel.tick(for: moment)
        // A later deadline is found when the entry of the earlier one comes up.
        if connection.scheduledTick >= 0, connection.scheduledTick <= tick { return }
        connection.scheduledTick = tick
        wheel.insert(
            TimerWheel.Entry(
                descriptor: connection.descriptor.raw,
                generation: connection.generation,
                tick: tick
            )
        )
    }

    func clearDeadline(_ connection: Connection) {
        if connection.hasUnsent, connection.deadlineKind == .write { return }
        connection.deadlineKind = .none
        connection.deadline = Instant(nanoseconds: .max)
    }

    /// After a slow write: back to the deadline of what the connection is doing.
    func restoreDeadline(_ connection: Connection) {
        switch connection.phase {
        case .reading where connection.partial != nil:
            setDeadline(connection, .body, after: limits.bodyTime)
        case .reading where !connection.input.isEmpty:
            setDeadline(connection, .head, after: limits.headTime)
        case .reading: setDeadline(connection, .idle, after: limits.idleTime)
        case .parked: setDeadline(connection, .park, at: connection.parkDeadline)
        case .waiting, .streaming, .closed: clearDeadline(connection)
        case .lingering: setDeadline(connection, .linger, after: limits.lingerTime)
        }
    }

    /// An entry of the wheel has come up.
    func expire(_ entry: TimerWheel.Entry) {
        if entry.descriptor < 0 { return lookedAgain() }
        guard let connection = connections.find(entry.descriptor, generation: entry.generation),
            connection.scheduledTick == entry.tick
        else { return }
        connection.scheduledTick = -1
        if connection.deadlineKind == .none { return }
        if connection.deadline > now {
            return setDeadline(connection, connection.deadlineKind, at: connection.deadline)
        }
        timeIsUp(connection)
    }

    private func timeIsUp(_ connection: Connection) {
        switch connection.deadlineKind {
        case .head where connection.input.isEmpty: close(connection)
        case .head: giveUp(connection, .headTooSlow)
        case .body: giveUp(connection, .bodyTooSlow)
        case .park: resume(connection, draining == nil ? .deadline : .yielding)
        case .idle, .write, .linger: close(connection)
        case .none: break
        }
    }

    private func giveUp(_ connection: Connection, _ failure: ParseFailure) {
        refuse(connection, failure)
        flush(connection)
    }
}

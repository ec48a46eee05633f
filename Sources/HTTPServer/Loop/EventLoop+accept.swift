import Base
import CLinux
import Glibc

extension EventLoop {
    /// Takes new connections, a bounded number at a time so that those already here are not kept waiting.
    func accept(from listener: Listener) {
        for _ in 0..<64 {
            guard budget.mayAccept else {
                pauseAccepting()
                return resumeAccepting()
            }
            do {
                guard let arrival = try listener.accept() else { return }
                adopt(arrival)
            } catch {
                metrics.acceptFailures.add()
                switch error.code {
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    pauseAccepting()
                    // What is short may come back without a connection of ours closing.
                    return lookAgain(at: now + .milliseconds(100))
                // The peer went away between its arrival and this call: the next one may be there.
                default: continue
                }
            }
        }
    }

    /// Stops listening until a connection closes.
    func pauseAccepting() {
        if isAccepting { for listener in listeners { try? poller.remove(listener.raw) } }
        isAccepting = false
        budget.askToResume()
    }

    /// Listens again if there is room; if not, asks again to be told of some.
    func resumeAccepting() {
        guard !isAccepting, draining == nil else { return }
        if !budget.mayAccept { budget.askToResume() }
        guard budget.mayAccept else { return }
        isAccepting = true
        do {
            for listener in listeners { try poller.addReadable(listener.raw) }
        } catch {
            budget.loopFailed(error)
        }
    }

    private func adopt(_ arrival: consuming Listener.Arrival) {
        generation &+= 1
        if generation == 0 { generation = 1 }
        let exchange = newExchange(peer: arrival.peer, method: .other)
        let connection = Connection(arrival, generation: generation, exchange: exchange)
        let raw = connection.descriptor.raw
        connection.isReserve = budget.open()
        do {
            try poller.addConnection(raw, generation: generation)
        } catch {
            metrics.acceptFailures.add()
            return budget.close()
        }
        connections.insert(connection)
        metrics.accepted.add()
        metrics.open.add()
        setDeadline(
            connection,
            .head,
            after: connection.isReserve ? min(limits.headTime, .seconds(2)) : limits.headTime
        )
    }

    func newExchange(peer: Peer, method: Method) -> Exchange {
        Exchange(id: requestIDs.next(), startedAt: now, peer: peer, method: method, loop: index)
    }

    func isOpen(_ connection: Connection) -> Bool { connection.phase != .closed }

    /// Ends a connection, whatever it was doing.
    func close(_ connection: Connection) {
        let raw = connection.descriptor.raw
        guard isOpen(connection) else { return }
        unpark(connection)
        connection.phase = .closed
        connection.task?.cancel()
        connection.task = nil
        connection.drained?.resume(returning: false)
        connection.drained = nil
        connections.remove(raw)
        metrics.open.add(-1)
        budget.close()
    }
}

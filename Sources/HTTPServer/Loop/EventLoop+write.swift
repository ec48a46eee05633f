import Base
import CLinux
import Glibc

extension EventLoop {
    /// Sends what the writer holds, after what is still unsent of this connection.
    func flush(_ connection: Connection) {
        guard isOpen(connection) else { return writer.output.removeAll() }
        ownOutput(connection)
        do throws(SystemError) {
            if connection.hasUnsent {
                connection.unsent.append(writer.output.array(from: 0))
                try sendLeftover(connection)
            } else if !writer.output.isEmpty {
                let sent = try writer.output.send(to: connection.descriptor.raw)
                if sent < writer.output.count { keep(connection, from: sent) }
            }
        } catch {
            writer.output.removeAll()
            return close(connection)
        }
        writer.output.removeAll()
        if !connection.hasUnsent { flushed(connection) }
    }

    private func sendLeftover(_ connection: Connection) throws(SystemError) {
        let taken = try send(connection.descriptor.raw, connection.unsent)
        connection.unsent.drop(taken)
        // A peer that reads steadily gets more time; one that takes a byte now and then does not.
        if connection.hasUnsent, taken >= 32 << 10 {
            setDeadline(connection, .write, after: limits.writeTime)
        }
    }

    private func keep(_ connection: Connection, from sent: Int) {
        connection.unsent.append(writer.output.array(from: sent))
        setDeadline(connection, .write, after: limits.writeTime)
    }

    /// How much of `bytes` the kernel took.
    private func send(_ raw: CInt, _ bytes: UnsentBytes) throws(SystemError) -> Int {
        let taken = try unblocking("send") {
            bytes.withUnsent { span in
                unsafe span.withUnsafeBytes { rest in
                    unsafe Glibc.send(raw, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
                }
            }
        }
        return taken ?? 0
    }

    /// Nothing is left to send: a stream's producer may go on, a connection that ends may end.
    private func flushed(_ connection: Connection) {
        // Asked first, as taking it out to look at it costs more than all the rest of this.
        if connection.drained != nil {
            let drained = connection.drained
            connection.drained = nil
            drained?.resume(returning: true)
        }
        if connection.closesAfterFlush, connection.phase == .reading { return finishClosing(connection) }
        if connection.deadlineKind == .write { restoreDeadline(connection) }
    }

    /// Says goodbye; a peer that may still be sending is given time to read it first.
    private func finishClosing(_ connection: Connection) {
        if connection.peerHasLeft, !connection.mayHaveInput { return close(connection) }
        connection.phase = .lingering
        connection.input = []
        _ = shutdown(connection.descriptor.raw, CInt(SHUT_WR))
        setDeadline(connection, .linger, after: limits.lingerTime)
        if connection.mayHaveInput { linger(connection) }
    }
}

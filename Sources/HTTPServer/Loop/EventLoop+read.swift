import Base
import CLinux
import Glibc

extension EventLoop {
    /// The kernel has something to say about a connection.
    func connectionReady(_ connection: Connection, _ event: Poller.Event) {
        if event.isBroken {
            // Both sides have said goodbye, but what is unread here would be answered by a reset that takes the answer away.
            return connection.phase == .lingering ? linger(connection) : close(connection)
        }
        if event.hasHungUp { connection.peerHasLeft = true }
        if event.isReadable { connection.mayHaveInput = true }
        if event.isWritable, connection.hasUnsent { flush(connection) }
        switch connection.phase {
        // One that was postponed has its turn after the events, and gets no second one for this event.
        case .reading: if !connection.isPostponed { pump(connection) }
        case .lingering: if !connection.isPostponed { linger(connection) }
        // Nobody is left to read a late answer; a task's answer is nearly there and is sent to whoever still reads.
        case .parked, .streaming: if connection.peerHasLeft { close(connection) }
        case .waiting, .closed: break
        }
    }

    /// Reads what there is and answers every whole request in it, as long as the peer reads the answers.
    func pump(_ connection: Connection) {
        var turns = 0
        while connection.phase == .reading, !connection.closesAfterFlush {
            if turns == Self.readSlice {
                postpone(connection)
                break
            }
            turns += 1
            if connection.isBacklogged {
                flush(connection)
                if connection.hasUnsent || !isOpen(connection) { return }
                connection.isBacklogged = false
                takeLeftover(connection)
            } else if connection.mayHaveInput {
                do {
                    try readOnce(connection)
                } catch {
                    close(connection)
                }
            } else {
                break
            }
        }
        flush(connection)
    }

    private func readOnce(_ connection: Connection) throws(SystemError) {
        guard let count = try receive(connection) else { return connection.mayHaveInput = false }
        if count == 0 {
            connection.peerHasLeft = true
            connection.mayHaveInput = false
            connection.closesAfterFlush = true
            return
        }
        // A short read has emptied the socket; only the end of the stream may still be behind it.
        if count < scratch.count, !connection.peerHasLeft { connection.mayHaveInput = false }
        take(connection, count)
    }

    private func receive(_ connection: Connection) throws(SystemError) -> Int? {
        let raw = connection.descriptor.raw
        return try unblocking("recv") {
            unsafe scratch.withUnsafeMutableBytes { unsafe recv(raw, $0.baseAddress, $0.count, 0) }
        }
    }

    /// Understands `count` new bytes, together with those left over from before.
    private func take(_ connection: Connection, _ count: Int) {
        if connection.input.isEmpty {
            let consumed = answerAll(connection, scratch, count)
            if consumed < count, isOpen(connection) {
                connection.input = Array(scratch[consumed..<count])
            }
        } else {
            let known = connection.input.count
            connection.input += scratch[..<count]
            takeLeftover(connection, known: known)
        }
    }

    /// Understands what is left over; `known` bytes of it were looked at before.
    func takeLeftover(_ connection: Connection, known: Int = 0) {
        let input = connection.input
        if connection.partial == nil, known > 0, input.count < limits.headerBytes,
            !Self.mayEndHead(input, from: known)
        {
            return
        }
        connection.input = []
        let consumed = answerAll(connection, input, input.count)
        if consumed < input.count { connection.input = Array(input[consumed...]) }
    }

    /// An empty line ends every head; looking for it first keeps a head that drips in from being parsed at each drop.
    private static func mayEndHead(_ input: [UInt8], from known: Int) -> Bool {
        var start = max(0, known - 3)
        let span = input.span
        while let lineFeed = span.firstIndex(of: Characters.lineFeed, in: start..<input.count) {
            if lineFeed >= 2,
                input[lineFeed - 2] == Characters.lineFeed || input[lineFeed - 1] == Characters.lineFeed
            {
                return true
            }
            start = lineFeed + 1
        }
        return false
    }

    /// Answers request after request until something must be waited for; says how many bytes are done with.
    private func answerAll(_ connection: Connection, _ bytes: [UInt8], _ count: Int) -> Int {
        var position = 0
        while position < count, connection.phase == .reading, !connection.closesAfterFlush {
            if connection.unsent.count + writer.output.count >= limits.unsentBytes {
                connection.isBacklogged = true
                break
            }
            do {
                guard try answerOne(connection, bytes, &position, count) else { break }
            } catch {
                refuse(connection, error)
            }
        }
        if position < count, connection.phase == .reading, connection.deadlineKind == .idle {
            setDeadline(connection, .head, after: limits.headTime)
        }
        return connection.closesAfterFlush ? count : position
    }

    /// Takes one step: a head, or more of a body.
    ///
    /// False where more bytes are needed.
    private func answerOne(
        _ connection: Connection,
        _ bytes: [UInt8],
        _ position: inout Int,
        _ count: Int
    ) throws(ParseFailure) -> Bool {
        if var partial = connection.partial {
            connection.partial = nil
            position = try partial.decoder.consume(bytes.span, in: position..<count)
            if partial.decoder.isComplete {
                respond(connection, partial.request.with(body: partial.decoder.body))
                return true
            }
            connection.partial = partial
            return false
        }
        guard let end = try parser.parse(bytes.span, in: position..<count, into: &head) else { return false }
        position = end
        try begin(connection, Request(head: head, bytes: bytes, peer: connection.peer), hasMore: end < count)
        return true
    }

    /// A head has arrived: finds out whether it is admitted, and whether a body follows.
    private func begin(
        _ connection: Connection,
        _ arrived: consuming Request,
        hasMore: Bool
    ) throws(ParseFailure) {
        var request = arrived
        connection.exchange = newExchange(peer: connection.peer, method: request.method)
        connection.shape = Connection.AnswerShape(
            omitsBody: request.method == .head,
            closes: draining != nil || !request.head.keepsAlive,
            takesChunks: !request.head.isOldVersion
        )
        // Refused, a body that nobody wants may still be on its way, and a place over the cap is not earned.
        let (closes, closesRefused) = (
            connection.shape.closes, request.head.framing != .none || connection.isReserve
        )
        connection.shape.closes = closes || closesRefused
        prepareAnswer(connection)
        switch responder.admit(&request, &connection.exchange, &writer) {
        case .refused:
            completed(connection)
            if closesRefused { beginClosing(connection) }
        case .admitted(let limit):
            connection.shape.closes = closes
            if request.head.framing == .none { return respond(connection, request) }
            let decoder = try BodyDecoder(framing: request.head.framing, limit: limit, limits: limits)
            if request.head.expectsContinue, !hasMore { writer.interim("HTTP/1.1 100 Continue") }
            connection.partial = Connection.Partial(request: request.detached(), decoder: decoder)
            setDeadline(connection, .body, after: limits.bodyTime)
        }
    }

    /// Reads and drops, so that a peer in the middle of sending can read its refusal.
    func linger(_ connection: Connection) {
        for _ in 0..<Self.readSlice {
            do {
                guard let count = try receive(connection) else { return }
                if count == 0 { return close(connection) }
            } catch {
                return close(connection)
            }
        }
        postpone(connection)
    }

    /// The connection may have more to read, and the kernel will not say so again.
    private func postpone(_ connection: Connection) {
        if connection.isPostponed { return }
        connection.isPostponed = true
        postponed.append((connection.descriptor.raw, connection.generation))
    }

    /// The next turn has come for a connection that was postponed.
    func takeUp(_ raw: CInt, _ generation: UInt32) {
        guard let connection = connections.find(raw, generation: generation) else { return }
        connection.isPostponed = false
        switch connection.phase {
        case .reading: pump(connection)
        case .lingering: linger(connection)
        case .parked, .waiting, .streaming, .closed: break
        }
    }
}
